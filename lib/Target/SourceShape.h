//===- SourceShape.h - How a program would be put into the words of the language --------------------*- C++ -*-===//
//
// In the dialect a constraint is a region; in the language it belongs to a name. A region around one call of a node is
// that node's constraint, a region around a whole body is the flow's. Where both read the same, around the only node of
// a flow, the other uses of the node decide.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_TARGET_SOURCESHAPE_H
#define FLUX_LIB_TARGET_SOURCESHAPE_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/MapVector.h"

namespace flux {

/// One chain: the right-hand side of a flow's definition, or of one of its cases.
struct ChainShape {
  mlir::ArrayAttr pattern; ///< of a case, else null
  mlir::Location loc;
  llvm::SmallVector<CallOp> links;
};

/// A constraint, or a part of one: those of one name add up.
struct ConstraintShape {
  llvm::StringRef owner;
  llvm::ArrayRef<mlir::Attribute> holds;
  mlir::Location loc;
};

/// What a program says of its flows and constraints. Keeps references into the module that it was made from.
class SourceShape {
public:
  /// Reports what the language cannot say.
  static mlir::FailureOr<SourceShape> of(mlir::ModuleOp program);

  /// The cases of a flow, or its one chain without a pattern.
  llvm::ArrayRef<ChainShape> chains(FlowOp flow) const { return flows.find(flow)->second; }

  /// Constraints in an order that first mentions the locks in the order of their declarations.
  llvm::ArrayRef<ConstraintShape> constraints() const { return ordered; }

private:
  /// A constraint as the program holds it; no locks is a constraint, too.
  struct Holds {
    mlir::ArrayAttr locks;
    mlir::Location loc;
  };
  using Owners = llvm::MapVector<llvm::StringRef, Holds>;

  explicit SourceShape(mlir::ModuleOp program)
      : program(program), symbols(program), noLocks(mlir::ArrayAttr::get(program.getContext(), {})) {}

  mlir::LogicalResult readFlow(FlowOp flow);
  mlir::FailureOr<ChainShape> readChain(mlir::Block &block, mlir::ValueRange inputs, mlir::ArrayAttr pattern);
  mlir::LogicalResult readDispatch(DispatchOp dispatch, mlir::ValueRange inputs, llvm::SmallVector<ChainShape> &cases);
  CallOp nodeCalledIn(ConstrainedOp region) const;
  mlir::LogicalResult addHolds(llvm::StringRef owner, mlir::ArrayAttr locks, mlir::Location loc);
  mlir::LogicalResult settleLoneNodes();
  mlir::LogicalResult readHandlers();
  mlir::LogicalResult orderConstraints();

  mlir::ModuleOp program;
  mlir::SymbolTable symbols;
  mlir::ArrayAttr noLocks;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<ChainShape>> flows;
  Owners owners;
  /// Regions around the only node of a flow.
  llvm::SmallVector<ConstrainedOp> undecided;
  std::vector<ConstraintShape> ordered;
};

} // namespace flux

#endif // FLUX_LIB_TARGET_SOURCESHAPE_H
