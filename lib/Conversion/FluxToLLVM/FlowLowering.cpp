//===- FlowLowering.cpp - A flow becomes one function ----------------------------------------------------------===//
//
// The body of a flow is walked in order. Fields live in llvm values (records in memory) from the call that produces
// them to the calls that take them; regions become straight-line code between blocks. The walk recurses into regions,
// whose nesting is bounded by the program's text (a case inside a constraint inside a flow), not by chain length.
//
// A block with too many steps is cut into rows, and a dispatch behind some case, as FunctionSizes.h tells. Each becomes
// a function like a flow's: its input has the values that are used inside, its output those that are used behind it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "flux/flux.h"
#include "flux/rt/context.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace flux;

namespace {

class FlowLowering {
public:
  FlowLowering(Lowering &lowering, FlowOp flow)
      : FlowLowering(lowering, flow, lowering.flowFunction(flow.getSymNameAttr(), flow.getLoc()), flow.getLoc()) {}

  void run();

private:
  using Row = FunctionSizes::Row;

  FlowLowering(Lowering &lowering, FlowOp flow, LLVM::LLVMFuncOp function, Location loc)
      : lowering(lowering), flow(flow), emit(lowering, function, loc) {
    emit.isPolled = lowering.polled.contains(flow);
  }

  void enterScope();
  Value input() { return emit.argument(1 + lowering.scopeWords); }
  Value output() { return emit.argument(2 + lowering.scopeWords); }
  void takeInputs(ValueRange inputs);
  void giveOutputs(ValueRange outputs);
  void lowerBlock(Block &block);
  void lowerRow(Row row);
  void lowerRowApart(Row row);
  SmallVector<Value> callPart(ValueRange inputs, ValueRange outputs, Location loc,
                              llvm::function_ref<void(FlowLowering &part)> body);
  void lowerCall(CallOp call);
  void lowerConstrained(ConstrainedOp op);
  void lowerDispatch(DispatchOp op, size_t first = 0);
  void lowerCases(DispatchOp op, size_t first, Block *done);
  SmallVector<Value> callOtherCases(DispatchOp op, size_t first);
  void testPattern(DispatchOp op, ArrayAttr pattern, Block *next);
  Block *thrownBlock(DispatchOp op, PredicateOp predicate);
  void failDispatch(DispatchOp op, Value error);
  void storeFields(ValueRange values, Value address);
  SmallVector<Value> loadFields(Value out, TypeRange types);
  SmallVector<Value> mapped(ValueRange values);

  Lowering &lowering;
  FlowOp flow;
  FunctionBuilder emit;
  IRMapping mapping;
  llvm::DenseMap<std::pair<Operation *, Operation *>, Block *> thrownBlocks; ///< by dispatch and predicate
  SmallVector<Value> scope;                                                  ///< a bit for each way that is running
};

} // namespace

void flux::lowerFlow(Lowering &lowering, FlowOp flow) { FlowLowering(lowering, flow).run(); }

void FlowLowering::run() {
  enterScope();
  Block &body = flow.getBody().front();
  emit.countStretch(body);
  takeInputs(body.getArguments());
  lowerBlock(body);
  emit.builder.setLoc(body.getTerminator()->getLoc());
  giveOutputs(body.getTerminator()->getOperands());
}

/// Begins with these values as the function's input.
void FlowLowering::takeInputs(ValueRange inputs) {
  StructLayout layout(inputs.getTypes());
  // Nobody writes the input while the function runs, so records stay where they are.
  for (auto [value, offset] : llvm::zip_equal(inputs, layout.offsets))
    mapping.map(value, emit.loadField(input(), offset, cast<CType>(value.getType())));
}

/// Ends with these values as the function's output.
void FlowLowering::giveOutputs(ValueRange outputs) {
  storeFields(outputs, output());
  LLVM::ReturnOp::create(emit.builder, emit.constant(emit.types.i32, FLUX_IR_CONTINUE));
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

/// Lowers the operations of a block up to its terminator, which is left to the caller.
void FlowLowering::lowerBlock(Block &block) {
  SmallVector<Row> rows = lowering.sizes.rowsOf(block);
  if (rows.size() == 1)
    return lowerRow(rows.front());
  for (Row row : rows)
    lowerRowApart(row);
}

void FlowLowering::lowerRow(Row row) {
  for (Operation &op : row) {
    emit.builder.setLoc(op.getLoc());
    if (auto call = dyn_cast<CallOp>(op))
      lowerCall(call);
    else if (auto constrained = dyn_cast<ConstrainedOp>(op))
      lowerConstrained(constrained);
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      lowerDispatch(dispatch);
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// Parts
//===-------------------------------------------------------------------------------------------------------------===//

namespace {
/// What the operations of a row use from outside of it, and what is used of them outside.
struct RowValues {
  explicit RowValues(FunctionSizes::Row row);

  llvm::SetVector<Value> inputs;
  SmallVector<Value> outputs;
};
} // namespace

RowValues::RowValues(FunctionSizes::Row row) {
  Block &block = *row.begin()->getBlock();
  llvm::SmallPtrSet<Operation *, 16> ops;
  for (Operation &op : row)
    ops.insert(&op);
  auto isInside = [&](Operation *op) { return op && ops.contains(block.findAncestorOpInBlock(*op)); };
  for (Operation &op : row) {
    inputs.insert(op.operand_begin(), op.operand_end());
    getUsedValuesDefinedAbove(op.getRegions(), inputs);
    for (Value result : op.getResults())
      if (!llvm::all_of(result.getUsers(), isInside))
        outputs.push_back(result);
  }
  inputs.remove_if([&](Value value) { return isInside(value.getDefiningOp()); });
}

/// Lowers a row to a function of its own.
void FlowLowering::lowerRowApart(Row row) {
  RowValues values(row);
  SmallVector<Value> results = callPart(values.inputs.getArrayRef(), values.outputs, row.begin()->getLoc(),
                                        [&](FlowLowering &part) { part.lowerRow(row); });
  mapping.map(values.outputs, results);
}

/// Makes a function of what `body` lowers, and calls it. Returns what `outputs`, values that `body` maps, are here.
SmallVector<Value> FlowLowering::callPart(ValueRange inputs, ValueRange outputs, Location loc,
                                          llvm::function_ref<void(FlowLowering &part)> body) {
  LLVM::LLVMFuncOp function = lowering.partFunction(flow.getSymName(), loc);
  FlowLowering part(lowering, flow, function, loc);
  for (unsigned word = 0; word != lowering.scopeWords; ++word)
    part.scope.push_back(part.emit.argument(1 + word));
  part.takeInputs(inputs);
  body(part);
  part.giveOutputs(outputs);

  emit.builder.setLoc(loc);
  Value in = emit.slot(FunctionBuilder::Side::In, inputs.getTypes());
  Value out = emit.slot(FunctionBuilder::Side::Out, outputs.getTypes());
  storeFields(inputs, in);
  emit.invokePart(function, in, out, scope);
  return loadFields(out, outputs.getTypes());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Operations
//===-------------------------------------------------------------------------------------------------------------===//

void FlowLowering::storeFields(ValueRange values, Value address) {
  StructLayout layout(values.getTypes());
  for (auto [value, offset] : llvm::zip_equal(values, layout.offsets))
    emit.storeField(mapping.lookup(value), address, offset, cast<CType>(value.getType()));
}

/// The outputs of a call.
SmallVector<Value> FlowLowering::loadFields(Value out, TypeRange types) {
  StructLayout layout(types);
  SmallVector<Value> values;
  for (auto [field, offset] : llvm::zip_equal(types, layout.offsets)) {
    auto type = cast<CType>(field);
    Value value = emit.loadField(out, offset, type);
    values.push_back(type.getClass() == CClass::Record ? emit.keepRecord(value, type) : value);
  }
  return values;
}

void FlowLowering::lowerCall(CallOp call) {
  Value in = emit.slot(FunctionBuilder::Side::In, call.getOperandTypes());
  Value out = emit.slot(FunctionBuilder::Side::Out, call.getResultTypes());
  storeFields(call.getOperands(), in);
  emit.invoke(call.getCallee(), in, out, scope, lowering.stretches->behind(call));
  mapping.map(call.getResults(), loadFields(out, call.getResultTypes()));
}

void FlowLowering::lowerConstrained(ConstrainedOp op) {
  emit.acquire(op.getHolds());
  Block &body = op.getBody().front();
  lowerBlock(body);
  emit.builder.setLoc(op.getLoc());
  emit.release(op.getHolds());
  mapping.map(op.getResults(), mapped(body.getTerminator()->getOperands()));
}

/// Lowers the cases of a dispatch from the one with this index on.
void FlowLowering::lowerDispatch(DispatchOp op, size_t first) {
  Block *done = emit.newBlock();
  for (OpResult result : op.getResults()) {
    Type type = emit.types.value(cast<CType>(result.getType()));
    mapping.map(result, done->addArgument(type, op.getLoc()));
  }
  if (first == 0)
    emit.leaveNode(); // Predicates are asked in nobody's name, except for those that are guarded.
  lowerCases(op, first, done);
  emit.builder.setInsertionPointToEnd(done);
}

/// Tries one case after the other; those that would be too many for one function are a part, tried in the end.
void FlowLowering::lowerCases(DispatchOp op, size_t first, Block *done) {
  ImplicitLocOpBuilder &b = emit.builder;
  unsigned steps = 0;
  for (size_t index = first; index != op.getCases().size(); ++index) {
    auto pattern = cast<ArrayAttr>(op.getPatterns()[index]);
    Block &body = op.getCases()[index].front();
    steps += lowering.sizes.stepsOf(pattern, body);
    if (index != first && steps > FunctionSizes::maxSteps) {
      LLVM::BrOp::create(b, callOtherCases(op, index), done);
      return;
    }
    bool isCatchAll = llvm::all_of(pattern, llvm::IsaPred<UnitAttr>);
    Block *next = isCatchAll ? nullptr : emit.newBlock();
    testPattern(op, pattern, next);
    emit.countStretch(body);
    lowerBlock(body);
    LLVM::BrOp::create(b, mapped(body.getTerminator()->getOperands()), done);
    if (isCatchAll)
      return; // Nothing behind it can run.
    b.setInsertionPointToEnd(next);
  }
  emit.builder.setLoc(op.getLoc());
  failDispatch(op, emit.constant(emit.types.i32, FLUX_E_NOMATCH));
}

SmallVector<Value> FlowLowering::callOtherCases(DispatchOp op, size_t first) {
  llvm::SetVector<Value> inputs(op.operand_begin(), op.operand_end());
  getUsedValuesDefinedAbove(op.getCases().drop_front(first), inputs);
  return callPart(inputs.getArrayRef(), op.getResults(), op.getLoc(),
                  [&](FlowLowering &part) { part.lowerDispatch(op, first); });
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
    Value holds = emit.callFunction(lowering.predicateFunction(predicate, type), value, thrownBlock(op, predicate));
    Block *matched = emit.newBlock();
    LLVM::CondBrOp::create(b, holds, matched, next);
    b.setInsertionPointToEnd(matched);
  }
}

/// Where exceptions of a predicate go that this dispatch asks: one place for all cases.
Block *FlowLowering::thrownBlock(DispatchOp op, PredicateOp predicate) {
  Block *&thrown = thrownBlocks[{op, predicate}];
  if (!thrown)
    thrown = emit.catchBlock(predicate, [&](Block *, Value error) { failDispatch(op, error); });
  return thrown;
}

/// No case of a dispatch of this flow matched, or a predicate has thrown: the error is the flow's own, so its callers
/// ask for handlers.
void FlowLowering::failDispatch(DispatchOp op, Value error) {
  Value function = emit.constant(emit.types.i32, lowering.indexOf(flow.getSymName()));
  emit.callRuntime(EntryPoint::fail, {function, error});
  if (std::optional<int32_t> rest = lowering.stretches->behind(op))
    emit.skip(emit.constant(emit.types.i32, *rest));
  LLVM::BrOp::create(emit.builder, ValueRange{emit.constant(emit.types.i32, FLUX_IR_FAILED)}, emit.leaveBlock());
}
