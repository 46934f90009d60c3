//===- SourceLowering.cpp - A source becomes a function that polls and one that runs a flow ---------------------===//

#include "FunctionBuilder.h"
#include "flux/flux.h"
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

/// `int poll(cx, input)` where the source is a node: its output is the target's input, and its answer is the runtime's.
static void lowerNodePoll(FunctionBuilder &emit, NodeOp node) {
  ImplicitLocOpBuilder &b = emit.builder;
  emit.countCall(node.getSymName());
  Value answer = emit.callNode(node, LLVM::ZeroOp::create(b, emit.types.ptr), emit.argument(1));
  emit.leaveNode();
  LLVM::ReturnOp::create(b, answer);
}

/// What a source says to the runtime, in the place of an error.
static Value isAnswer(FunctionBuilder &emit, Value error) {
  ImplicitLocOpBuilder &b = emit.builder;
  auto is = [&](int32_t code) {
    return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, error, emit.constant(emit.types.i32, code));
  };
  return LLVM::OrOp::create(b, is(FLUX_STOP), is(FLUX_AGAIN));
}

/// `int poll(cx, input)` where the source is a flow. An error in it means no flow this time, whoever handles it;
/// FLUX_STOP and FLUX_AGAIN from one of its nodes are for the runtime and no errors.
static void lowerFlowPoll(FunctionBuilder &emit, FlowOp flow) {
  ImplicitLocOpBuilder &b = emit.builder;
  emit.leave = [&](Value status) {
    emit.leaveNode();
    Value error = emit.loadError();
    Block *report = emit.newBlock(), *done = emit.newBlock();
    LLVM::CondBrOp::create(b, isAnswer(emit, error), done, report);
    b.setInsertionPointToEnd(report);
    reportIfWaiting(emit, status);
    LLVM::BrOp::create(b, done);
    b.setInsertionPointToEnd(done);
    LLVM::ReturnOp::create(b, error);
  };
  Value noInput = LLVM::ZeroOp::create(b, emit.types.ptr);
  emit.countCall(flow.getSymName());
  emit.invoke(flow.getSymName(), noInput, emit.argument(1), nothingRuns(emit), std::nullopt);
  emit.leaveNode();
  LLVM::ReturnOp::create(b, emit.constant(emit.types.i32, 0));
}

void flux::lowerSource(Lowering &lowering, SourceOp source, unsigned index) {
  const LLVMTypes &types = lowering.types;
  constexpr auto internal = LLVM::Linkage::Internal;
  LLVM::LLVMFuncOp poll = lowering.declare(pollFunctionName(index), types.pollFunction, source.getLoc(), internal);
  LLVM::LLVMFuncOp run = lowering.declare(runFunctionName(index), types.runFunction, source.getLoc(), internal);

  FunctionBuilder emit(lowering, poll, source.getLoc());
  Operation *function = lowering.functions.find(source.getFunction())->second;
  if (auto node = dyn_cast<NodeOp>(function))
    lowerNodePoll(emit, node);
  else
    lowerFlowPoll(emit, cast<FlowOp>(function));
  lowerRun(lowering, source, run);
}
