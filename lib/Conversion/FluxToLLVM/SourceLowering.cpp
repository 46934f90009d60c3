//===- SourceLowering.cpp - A source becomes a function that polls and one that runs a flow ---------------------===//

#include "FunctionBuilder.h"
#include "flux/rt/context.h"

using namespace mlir;
using namespace flux;

std::string flux::pollFunctionName(unsigned index) { return "flux.poll." + std::to_string(index); }
std::string flux::runFunctionName(unsigned index) { return "flux.run." + std::to_string(index); }

/// An error that nobody has taken is reported here, at the outside of the flow.
static void reportIfWaiting(FunctionBuilder &emit, Value status) {
  ImplicitLocOpBuilder &b = emit.builder;
  Block *waiting = emit.newBlock(), *done = emit.newBlock();
  Value isWaiting =
      LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status, emit.constant(emit.types.i32, FLUX_IR_FAILED));
  LLVM::CondBrOp::create(b, isWaiting, waiting, done);
  b.setInsertionPointToEnd(waiting);
  emit.callRuntime(EntryPoint::unhandled);
  LLVM::BrOp::create(b, done);
  b.setInsertionPointToEnd(done);
}

/// The scope outside of all flows.
static SmallVector<Value> nothingRuns(FunctionBuilder &emit) {
  return SmallVector<Value>(emit.lowering.scopeWords, emit.constant(emit.types.i64, 0));
}

/// `void run(cx, input)`: the target with its input, and the end of every error.
static void lowerRun(Lowering &lowering, SourceOp source, LLVM::LLVMFuncOp function) {
  FunctionBuilder emit(lowering, function, source.getLoc());
  emit.leave = [&](Value status) {
    emit.leaveNode();
    reportIfWaiting(emit, status);
    LLVM::ReturnOp::create(emit.builder, ValueRange());
  };
  Value noOutput = LLVM::ZeroOp::create(emit.builder, emit.types.ptr);
  emit.countCall(source.getTarget());
  emit.invoke(source.getTarget(), emit.argument(1), noOutput, nothingRuns(emit), std::nullopt);
  emit.leaveNode();
  LLVM::ReturnOp::create(emit.builder, ValueRange());
}

/// Names the flow's session. Control continues if its function returns.
static void nameSession(FunctionBuilder &emit, SourceOp source, Value input, Value session) {
  std::optional<StringRef> name = source.getSession();
  if (!name)
    return;
  const LLVMTypes &types = emit.types;
  LLVM::LLVMFuncOp callee =
      emit.lowering.declare(*name, LLVM::LLVMFunctionType::get(types.i64, {types.ptr}), source.getLoc());
  Block *thrown = emit.catchBlock(source, [&](Block *, Value error) { LLVM::ReturnOp::create(emit.builder, error); });
  LLVM::StoreOp::create(emit.builder, emit.callFunction(callee, input, thrown), session);
}

/// `int poll(cx, input, session)`: the source's function, whose output is the target's input. An error in it means no
/// flow this time, whoever handles it.
static void lowerPoll(Lowering &lowering, SourceOp source, LLVM::LLVMFuncOp function) {
  FunctionBuilder emit(lowering, function, source.getLoc());
  ImplicitLocOpBuilder &b = emit.builder;
  emit.isPolled = true;
  emit.leave = [&](Value status) {
    emit.leaveNode();
    reportIfWaiting(emit, status);
    LLVM::ReturnOp::create(b, emit.loadError());
  };
  Value noInput = LLVM::ZeroOp::create(b, emit.types.ptr);
  emit.countCall(source.getFunction());
  emit.invoke(source.getFunction(), noInput, emit.argument(1), nothingRuns(emit), std::nullopt);
  emit.leaveNode();
  nameSession(emit, source, emit.argument(1), emit.argument(2));
  LLVM::ReturnOp::create(b, emit.constant(emit.types.i32, 0));
}

void flux::lowerSource(Lowering &lowering, SourceOp source, unsigned index) {
  const LLVMTypes &types = lowering.types;
  constexpr auto internal = LLVM::Linkage::Internal;
  LLVM::LLVMFuncOp poll = lowering.declare(pollFunctionName(index), types.pollFunction, source.getLoc(), internal);
  LLVM::LLVMFuncOp run = lowering.declare(runFunctionName(index), types.runFunction, source.getLoc(), internal);

  lowerPoll(lowering, source, poll);
  lowerRun(lowering, source, run);
}
