//===- FunctionSizes.h - How much of a program becomes one function --------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONSIZES_H
#define FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONSIZES_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/DenseMap.h"

namespace flux {

/// Keeps functions small, since LLVM takes far more than twice the time for a function of twice the size: a flow of
/// more than so many steps is cut into parts, each a function that the flow calls, and a flow becomes part of its only
/// caller unless both together would be too large. A step is a call, a lock or a predicate.
class FunctionSizes {
public:
  explicit FunctionSizes(mlir::ModuleOp program);

  /// The most steps of one function.
  static constexpr unsigned maxSteps = 256;

  /// Neighbouring operations.
  using Row = llvm::iterator_range<mlir::Block::iterator>;
  /// What a block is cut into, without its terminator; one row if it stays whole.
  llvm::SmallVector<Row> rowsOf(mlir::Block &block) const;

  /// Steps of a case of a dispatch, its pattern included.
  unsigned stepsOf(mlir::ArrayAttr pattern, mlir::Block &body) const;

  /// How a flow's function is called: where there is one call, it is decided here whether it is put in that place.
  enum class Inlining { LeftToLLVM, Always, Never };
  Inlining inliningOf(mlir::StringAttr flow) const { return inlining.lookup(flow); }

private:
  unsigned stepsOf(mlir::Operation &op) const;
  unsigned stepsOf(mlir::Block &block) const { return steps.lookup(&block); }
  void measure(mlir::Block &block);
  void decideInlining(mlir::ModuleOp program);

  llvm::DenseMap<mlir::Block *, unsigned> steps; ///< as it is lowered, a part being one step
  llvm::DenseMap<mlir::StringAttr, Inlining> inlining;
};

} // namespace flux

#endif // FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONSIZES_H
