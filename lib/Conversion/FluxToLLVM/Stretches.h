//===- Stretches.h - Which calls are counted together ------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_CONVERSION_FLUXTOLLVM_STRETCHES_H
#define FLUX_LIB_CONVERSION_FLUXTOLLVM_STRETCHES_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include <vector>

namespace flux {

/// The stretches of a program. A stretch is the row of calls in the body of a flow, or of one case of a dispatch:
/// unless one of them fails, all of them run, so that one counter serves them all. What a failure keeps from running is
/// taken back where it happens. This is block counting (Knuth and Stevenson, "Optimal measurement points for program
/// frequency counts", BIT 13, 1973) with the failures, which are rare, out of the way.
///
/// The tables have the layout that flux/rt/program.h describes: what runs in a stretch, and behind it the place where
/// the enclosing stretch goes on.
class Stretches {
public:
  /// Nodes and flows; a function's place is the index by which the runtime knows it.
  using Functions = llvm::MapVector<llvm::StringRef, mlir::Operation *>;

  /// `functions` has all of the program's.
  explicit Stretches(const Functions &functions);

  /// The counter of the stretch that is the body of a flow or a case; none if it has no calls.
  std::optional<uint32_t> counterOf(mlir::Block &body) const;

  /// Where in calls() stands what does not run if this call or dispatch fails; none if nothing does.
  std::optional<int32_t> behind(mlir::Operation *op) const;

  /// flux_ir_program::stretches and flux_ir_program::calls.
  llvm::ArrayRef<int32_t> firstCalls() const { return first; }
  llvm::ArrayRef<int32_t> calls() const { return row; }

private:
  void addStretch(mlir::Block &body, std::optional<int32_t> outside);
  void addCalls(mlir::Block &block, llvm::SmallVectorImpl<DispatchOp> &dispatches);

  const Functions &functions;
  llvm::DenseMap<mlir::Block *, uint32_t> counters;
  llvm::DenseMap<mlir::Operation *, int32_t> places;
  std::vector<int32_t> first, row;
};

} // namespace flux

#endif // FLUX_LIB_CONVERSION_FLUXTOLLVM_STRETCHES_H
