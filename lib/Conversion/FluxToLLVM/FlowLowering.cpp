//===- FlowLowering.cpp - A flow becomes one function ----------------------------------------------------------===//
//
// The body of a flow is walked in order. Fields live in llvm values (records in memory) from the call that produces
// them to the calls that take them; regions become straight-line code between blocks. The walk recurses into regions,
// whose nesting is bounded by the program's text (a case inside a constraint inside a flow), not by chain length.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "flux/flux.h"
#include "flux/rt/context.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace flux;

namespace {

class FlowLowering {
public:
  FlowLowering(Lowering &lowering, FlowOp flow)
      : lowering(lowering), flow(flow),
        emit(lowering, lowering.flowFunction(flow.getSymName(), flow.getLoc()), flow.getLoc()) {}

  void run();

private:
  void enterScope();
  Value input() { return emit.argument(1 + lowering.scopeWords); }
  Value output() { return emit.argument(2 + lowering.scopeWords); }
  void lowerBlock(Block &block);
  void lowerCall(CallOp call);
  void lowerConstrained(ConstrainedOp op);
  void lowerDispatch(DispatchOp op);
  void testPattern(DispatchOp op, ArrayAttr pattern, Block *next);
  void endWithoutMatch(DispatchOp op);
  void lowerReturn(ReturnOp op);
  SmallVector<Value> mapped(ValueRange values);

  Lowering &lowering;
  FlowOp flow;
  FunctionBuilder emit;
  IRMapping mapping;
  SmallVector<Value> scope; ///< a bit for each way that is running
};

} // namespace

void flux::lowerFlow(Lowering &lowering, FlowOp flow) { FlowLowering(lowering, flow).run(); }

void FlowLowering::run() {
  enterScope();
  Block &body = flow.getBody().front();
  emit.countStretch(body);
  StructLayout layout(body.getArgumentTypes());
  for (BlockArgument argument : body.getArguments()) {
    uint64_t offset = layout.offsets[argument.getArgNumber()];
    // Nobody writes a flow's input while the flow runs, so records stay where they are.
    mapping.map(argument, emit.loadField(input(), offset, cast<CType>(argument.getType())));
  }
  lowerBlock(body);
}

/// Adds this flow's bits to the scope it was called in.
void FlowLowering::enterScope() {
  ImplicitLocOpBuilder &b = emit.builder;
  for (unsigned word = 0; word != lowering.scopeWords; ++word)
    scope.push_back(emit.argument(1 + word));
  const SmallVector<Value> outside = scope;
  for (HandlerScopes::Way way : lowering.handlers.waysTo(flow.getSymName())) {
    ScopeBit place(way.number);
    Value bit = emit.constant(emit.types.i64, place.mask);
    if (way.outer) {
      Value isInside = emit.isRunning(outside, *way.outer);
      bit = LLVM::SelectOp::create(b, isInside, bit, emit.constant(emit.types.i64, 0));
    }
    scope[place.word] = LLVM::OrOp::create(b, scope[place.word], bit);
  }
}

SmallVector<Value> FlowLowering::mapped(ValueRange values) {
  return llvm::map_to_vector(values, [&](Value value) { return mapping.lookup(value); });
}

/// Lowers the operations of a block up to its terminator; a yield is left to the caller.
void FlowLowering::lowerBlock(Block &block) {
  for (Operation &op : block) {
    emit.builder.setLoc(op.getLoc());
    if (auto call = dyn_cast<CallOp>(op))
      lowerCall(call);
    else if (auto constrained = dyn_cast<ConstrainedOp>(op))
      lowerConstrained(constrained);
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      lowerDispatch(dispatch);
    else if (auto end = dyn_cast<ReturnOp>(op))
      lowerReturn(end);
  }
}

void FlowLowering::lowerCall(CallOp call) {
  Value in = emit.slot(FunctionBuilder::Side::In, call.getOperandTypes());
  Value out = emit.slot(FunctionBuilder::Side::Out, call.getResultTypes());
  StructLayout taken(call.getOperandTypes()), produced(call.getResultTypes());
  for (auto [index, operand] : llvm::enumerate(call.getOperands()))
    emit.storeField(mapping.lookup(operand), in, taken.offsets[index], cast<CType>(operand.getType()));

  emit.invoke(call.getCallee(), in, out, scope, lowering.stretches->behind(call));

  for (auto [index, result] : llvm::enumerate(call.getResults())) {
    auto type = cast<CType>(result.getType());
    Value value = emit.loadField(out, produced.offsets[index], type);
    bool isRecord = type.getClass() == CClass::Record;
    mapping.map(result, isRecord ? emit.keepRecord(value, type) : value);
  }
}

void FlowLowering::lowerConstrained(ConstrainedOp op) {
  emit.acquire(op.getHolds());
  Block &body = op.getBody().front();
  lowerBlock(body);
  emit.builder.setLoc(op.getLoc());
  emit.release(op.getHolds());
  mapping.map(op.getResults(), mapped(body.getTerminator()->getOperands()));
}

void FlowLowering::lowerDispatch(DispatchOp op) {
  ImplicitLocOpBuilder &b = emit.builder;
  Block *done = emit.newBlock();
  for (OpResult result : op.getResults()) {
    Type type = emit.types.value(cast<CType>(result.getType()));
    mapping.map(result, done->addArgument(type, op.getLoc()));
  }

  emit.leaveNode(); // Predicates are asked in nobody's name, except for those that are guarded.
  bool hasCatchAll = false;
  for (auto [pattern, body] : llvm::zip(op.getPatterns().getAsRange<ArrayAttr>(), op.getCases())) {
    hasCatchAll = llvm::all_of(pattern, llvm::IsaPred<UnitAttr>);
    Block *next = hasCatchAll ? nullptr : emit.newBlock();
    testPattern(op, pattern, next);
    emit.countStretch(body.front());
    lowerBlock(body.front());
    LLVM::BrOp::create(b, mapped(body.front().getTerminator()->getOperands()), done);
    if (hasCatchAll)
      break; // Nothing behind it can run.
    b.setInsertionPointToEnd(next);
  }
  if (!hasCatchAll)
    endWithoutMatch(op);
  b.setInsertionPointToEnd(done);
}

/// Asks the predicates of a pattern from left to right. Control continues here if all hold, else at `next`.
void FlowLowering::testPattern(DispatchOp op, ArrayAttr pattern, Block *next) {
  ImplicitLocOpBuilder &b = emit.builder;
  for (auto [element, field] : llvm::zip(pattern, op.getOperands())) {
    auto name = dyn_cast<FlatSymbolRefAttr>(element);
    if (!name)
      continue;
    auto predicate = lowering.programSymbols.lookup<PredicateOp>(name.getValue());
    auto type = cast<CType>(field.getType());
    Value value = mapping.lookup(field);
    if (type.getClass() == CClass::Bool)
      value = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, value, emit.constant(value.getType(), 0));
    if (!lowering.guarded.empty())
      emit.enterGuarded(predicate);
    Value holds = LLVM::CallOp::create(b, lowering.predicateFunction(predicate, type), value).getResult();
    Block *matched = emit.newBlock();
    LLVM::CondBrOp::create(b, holds, matched, next);
    b.setInsertionPointToEnd(matched);
  }
}

/// No case of a dispatch of this flow matched: the error is the flow's own, so its callers ask for handlers.
void FlowLowering::endWithoutMatch(DispatchOp op) {
  emit.builder.setLoc(op.getLoc());
  Value function = emit.constant(emit.types.i32, lowering.indexOf(flow.getSymName()));
  emit.callRuntime(EntryPoint::fail, {function, emit.constant(emit.types.i32, FLUX_E_NOMATCH)});
  if (std::optional<int32_t> rest = lowering.stretches->behind(op))
    emit.skip(emit.constant(emit.types.i32, *rest));
  LLVM::BrOp::create(emit.builder, ValueRange{emit.constant(emit.types.i32, FLUX_IR_FAILED)}, emit.leaveBlock());
}

void FlowLowering::lowerReturn(ReturnOp op) {
  StructLayout layout(op.getOperandTypes());
  for (auto [index, operand] : llvm::enumerate(op.getOperands()))
    emit.storeField(mapping.lookup(operand), output(), layout.offsets[index], cast<CType>(operand.getType()));
  LLVM::ReturnOp::create(emit.builder, emit.constant(emit.types.i32, FLUX_IR_CONTINUE));
}
