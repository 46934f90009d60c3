//===- Lowering.h - What the parts of the lowering share --------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_CONVERSION_FLUXTOLLVM_LOWERING_H
#define FLUX_LIB_CONVERSION_FLUXTOLLVM_LOWERING_H

#include "FunctionSizes.h"
#include "Stretches.h"
#include "flux/Analysis/HandlerScopes.h"
#include "flux/rt/program.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

namespace flux {

/// The functions of the runtime that generated code calls; the list is flux/rt/entry_points.def.
enum class EntryPoint {
#define FLUX_ENTRY_POINT(NAME, ...) NAME,
#include "flux/rt/entry_points.def"
#undef FLUX_ENTRY_POINT
};

/// The llvm types that the lowering uses, made once.
struct LLVMTypes {
  /// `scopeWords` is how many words of ways a flow function takes.
  LLVMTypes(mlir::MLIRContext *context, unsigned scopeWords);

  /// What a value of a C type is in registers; a record is held by its address.
  mlir::Type value(CType type) const;

  mlir::MLIRContext *context;
  mlir::Type ptr, i1, i8, i32, i64, voidType;
  mlir::LLVM::LLVMFunctionType flowFunction, pollFunction, runFunction, callFunction;

  /// What the flow's context and the counters are to alias analysis: neither overlaps the other. The nodes' memory may
  /// overlap both, for all that is known of it.
  mlir::ArrayAttr contextAccess, counterAccess;
};

/// The layout of a struct with these fields (a node's `_in` or `_out`) by the rules of C, in bytes.
struct StructLayout {
  explicit StructLayout(mlir::TypeRange fields);

  llvm::SmallVector<uint64_t> offsets;
  uint64_t size = 0;
  uint64_t align = 1;
};

/// A program being lowered: the indices by which the runtime knows its functions and locks, and the C functions that
/// generated code refers to. What the lowering makes goes to `output`, a module of its own, because a node and the C
/// function that it stands for share a name.
class Lowering {
public:
  Lowering(mlir::ModuleOp program, bool debug, bool exceptions);

  /// Numbers functions and locks; reports what cannot be lowered.
  mlir::LogicalResult collect();

  mlir::ModuleOp program;
  bool debug;      ///< outputs are zeroed before they are set
  bool exceptions; ///< what leaves a function of the program becomes an error
  mlir::OwningOpRef<mlir::ModuleOp> output;
  mlir::SymbolTable programSymbols, outputSymbols;
  /// Its ways are the bits of the scope that flow functions take.
  HandlerScopes handlers;
  /// How many words of 64 bits hold a bit for each way; one at least.
  unsigned scopeWords;
  LLVMTypes types;

  /// Nodes and flows in textual order: the index is the runtime's.
  llvm::MapVector<llvm::StringRef, mlir::Operation *> functions;
  /// Guarded predicates and handlers, likewise, with their indices, which come behind those of the functions.
  llvm::MapVector<mlir::Operation *, int32_t> guarded;
  /// The flows that sources run to be polled.
  llvm::DenseSet<mlir::Operation *> polled;
  /// Locks in rank order: the index is the runtime's.
  llvm::MapVector<llvm::StringRef, LockOp> locks;

  /// What is counted together; known after collect().
  std::optional<Stretches> stretches;
  FunctionSizes sizes;

  int32_t indexOf(llvm::StringRef function) const { return functions.find(function) - functions.begin(); }
  /// The same of a predicate or handler: FLUX_IR_NO_NODE if it is not guarded.
  int32_t guardIndexOf(mlir::Operation *op) const;
  /// The number of all that the runtime knows by an index.
  uint64_t numFunctions() const { return functions.size() + guarded.size(); }

  /// The operations of a lock set in the order in which it is taken.
  llvm::SmallVector<HoldAttr> inRankOrder(mlir::ArrayAttr holds) const;

  /// Declares (once) and returns functions that generated code calls.
  mlir::LLVM::LLVMFuncOp entryPoint(EntryPoint which);
  mlir::LLVM::LLVMFuncOp nodeFunction(NodeOp node);
  /// The node as a flux_ir_call, for the runtime to call; defined by its first use.
  mlir::LLVM::LLVMFuncOp nodeCall(NodeOp node);
  mlir::LLVM::LLVMFuncOp flowFunction(mlir::StringAttr flow, mlir::Location loc);
  /// A new function for a part of a flow, which has the type of a flow's.
  mlir::LLVM::LLVMFuncOp partFunction(llvm::StringRef flow, mlir::Location loc);
  mlir::LLVM::LLVMFuncOp predicateFunction(PredicateOp predicate, CType argument);
  mlir::LLVM::LLVMFuncOp handlerFunction(HandlerOp handler, bool takesInput);

  /// Begins the block that `b` is at the end of as one of `function` to which exceptions of `thrower` unwind; returns
  /// the error that each becomes. A source throws what its session function does. `cx` is the flow's context, or null
  /// where the flow is elsewhere.
  mlir::Value catchException(mlir::ImplicitLocOpBuilder &b, mlir::LLVM::LLVMFuncOp function, mlir::Operation *thrower,
                             mlir::Value cx);

  /// The function of this name in the output, declared with this type if it is not there yet.
  mlir::LLVM::LLVMFuncOp declare(llvm::StringRef name, mlir::Type type, mlir::Location loc,
                                 mlir::LLVM::Linkage linkage = mlir::LLVM::Linkage::External);

private:
  unsigned numParts = 0;

  void collectPolled();
  mlir::LLVM::GlobalOp description(mlir::Operation *function);
  mlir::LogicalResult collectLocks();
};

/// Defines the function of a flow.
void lowerFlow(Lowering &lowering, FlowOp flow);

/// Defines the two functions of the source with this index, named by the two functions below.
void lowerSource(Lowering &lowering, SourceOp source, unsigned index);
std::string pollFunctionName(unsigned index);
std::string runFunctionName(unsigned index);

/// What the runtime calls the kind of a function, and its name: that of the C function, or of the flow.
flux_ir_function_kind kindOf(mlir::Operation *function);
llvm::StringRef nameOf(mlir::Operation *function);

/// Defines the constant `flux_ir_program`.
void buildDescriptor(Lowering &lowering);

} // namespace flux

#endif // FLUX_LIB_CONVERSION_FLUXTOLLVM_LOWERING_H
