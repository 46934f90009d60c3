//===- FunctionBuilder.h - Emits the pieces that flow functions are made of -------------------------*- C++ -*-===//
//
// One FunctionBuilder fills one llvm function that begins with the flow's context. It knows how to pass arguments by
// struct, to call nodes and flows, and what has to happen when they fail:
//
//          call @N(in, out)
//             | != 0                    a node failed: the flow ends here
//             v
//     flux_ir_fail(cx, N, error)        releases every lock
//             |            \-- == 0 --> return ENDED      in a source: this is for the runtime, and no error
//     handler of N that applies? --no--> return FAILED     the caller asks the handlers of the flow
//             | yes
//     acquire; H(in, error); release
//     flux_ir_handled(cx); return ENDED                    callers return at once
//
// An exception that leaves N unwinds to a landing pad, where flux_ir_caught makes an error of it, and goes on as such;
// that of a predicate is an error of its flow. One that leaves H ends the flow, too, but N's error is not taken:
// flux_ir_unhandled(cx); return ENDED.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONBUILDER_H
#define FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONBUILDER_H

#include "Lowering.h"

namespace flux {

/// Where the bit of a way stands in a scope.
struct ScopeBit {
  explicit ScopeBit(unsigned way) : word(way / 64), mask(uint64_t(1) << (way % 64)) {}

  unsigned word;
  uint64_t mask;
};

class FunctionBuilder {
public:
  /// Gives `function` an entry block and continues at its end. The function's first argument is the context.
  FunctionBuilder(Lowering &lowering, mlir::LLVM::LLVMFuncOp function, mlir::Location loc);

  mlir::ImplicitLocOpBuilder builder;
  Lowering &lowering;
  const LLVMTypes &types;

  /// Whether a source may run this function, so that what is returned in it may be no error.
  bool isPolled = false;

  mlir::Value argument(unsigned index) { return function.getArgument(index); }
  mlir::Value constant(mlir::Type type, int64_t value);
  mlir::Block *newBlock();

  /// Calls an entry point with the context and these further arguments; returns its result if it has one.
  mlir::Value callRuntime(EntryPoint which, mlir::ValueRange arguments = {});

  /// Adds one to the calls of a node or flow that is called from outside of flows.
  void countCall(llvm::StringRef function);

  /// Adds one to the calls in the body of a flow or a case.
  void countStretch(mlir::Block &body);

  /// Notes in the context that no node runs from here on.
  void leaveNode();

  /// Notes that a predicate or handler runs from here on, by name if it is guarded.
  void enterGuarded(mlir::Operation *op);

  /// Calls a function of the program and returns what it does, if anything. An exception goes to `thrown`, with these
  /// arguments; where that is null, nobody catches it.
  mlir::Value callFunction(mlir::LLVM::LLVMFuncOp callee, mlir::ValueRange arguments, mlir::Block *thrown,
                           mlir::ValueRange thrownArguments = {});

  /// A block for exceptions of `thrower`, ended by `goOn` with the error that each becomes; null where nobody catches
  /// them.
  mlir::Block *catchBlock(mlir::Operation *thrower,
                          llvm::function_ref<void(mlir::Block *block, mlir::Value error)> goOn);

  /// A value is an llvm value, a record the address of its bytes.
  mlir::Value loadField(mlir::Value base, uint64_t offset, CType type);
  void storeField(mlir::Value value, mlir::Value base, uint64_t offset, CType type);
  /// Copies a record out of memory that will be written again.
  mlir::Value keepRecord(mlir::Value address, CType type);

  /// A stack slot for the inputs (or outputs) of a call. One slot serves all calls with the same field types, so that
  /// the frame of a long chain stays small while every slot keeps one layout, which LLVM promotes to registers.
  enum class Side { In, Out };
  mlir::Value slot(Side side, mlir::TypeRange fields);

  /// Calls a node or a flow. Control continues where the call succeeded; the other ways have left the function as the
  /// diagram above says. `scope` has a bit for each way that is running at this place, `rest` is the place of what does
  /// not run if it fails.
  void invoke(llvm::StringRef callee, mlir::Value in, mlir::Value out, mlir::ValueRange scope,
              std::optional<int32_t> rest);

  /// Whether the bit of a way is set in `scope`.
  mlir::Value isRunning(mlir::ValueRange scope, unsigned way);

  /// Calls a part of the flow. Control continues if the flow goes on; else it leaves the function.
  void invokePart(mlir::LLVM::LLVMFuncOp part, mlir::Value in, mlir::Value out, mlir::ValueRange scope);

  /// Acquires or releases the locks of one region.
  void acquire(mlir::ArrayAttr holds);
  void release(mlir::ArrayAttr holds);

  /// The error that flux_ir_fail stored.
  mlir::Value loadError();

  /// Ends the function early with this status; the flow function returns it. Called once at most, with the insertion
  /// point in a block of its own. A function that returns something else replaces it.
  std::function<void(mlir::Value status)> leave;

  /// The one block through which the function ends early; its argument is the status.
  mlir::Block *leaveBlock();

  /// The same, where calls are left out: the second argument is their place.
  mlir::Block *skipBlock();

  /// Takes back that the calls from this place on were counted.
  void skip(mlir::Value rest) { callRuntime(EntryPoint::skip, rest); }

private:
  void enterNode(int32_t index);
  void increment(uint64_t offset);
  void invokeNode(NodeOp node, mlir::Value in, mlir::Value out, mlir::ValueRange scope, std::optional<int32_t> rest);
  void invokeFlow(FlowOp flow, mlir::Value in, mlir::Value out, mlir::ValueRange scope, std::optional<int32_t> rest);
  mlir::Value callNode(NodeOp node, mlir::Value in, mlir::Value out, mlir::Block *thrown,
                       mlir::ValueRange thrownArguments);
  mlir::Block *thrownBlock(NodeOp node, mlir::Value in, mlir::ValueRange scope, bool skips);
  mlir::Block *failedBlock(NodeOp node, mlir::Value in, mlir::ValueRange scope, bool skips);
  void leaveUnless(mlir::Value isError);
  void runHandlers(llvm::StringRef callee, bool takesInput, mlir::Value in, mlir::ValueRange scope, mlir::Value error);
  void runHandler(HandlerOp handler, bool takesInput, mlir::Value in, mlir::Value error);
  void clear(mlir::Value address, const StructLayout &layout);
  mlir::Value stackBytes(uint64_t size, uint64_t align);
  mlir::Value bytes(mlir::Value base, uint64_t offset);

  mlir::LLVM::LLVMFuncOp function;
  llvm::DenseMap<std::pair<unsigned, mlir::Type>, mlir::Value> slots;
  llvm::DenseMap<std::tuple<mlir::Operation *, mlir::Value, unsigned>, mlir::Block *> failedBlocks, thrownBlocks;
  mlir::Block *sharedLeave = nullptr;
  mlir::Block *sharedSkip = nullptr;
};

} // namespace flux

#endif // FLUX_LIB_CONVERSION_FLUXTOLLVM_FUNCTIONBUILDER_H
