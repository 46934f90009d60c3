//===- FunctionBuilder.cpp - Emits the pieces that flow functions are made of ----------------------------------===//

#include "FunctionBuilder.h"
#include "flux/rt/context.h"

using namespace mlir;
using namespace flux;

/// Branch weights of an error edge, LLVM's own ratio for "unlikely".
static constexpr std::pair<uint32_t, uint32_t> unlikely = {1, 2000};

/// What is written for a reader in another thread is never half written, and more it does not have to be: LLVM's
/// weakest ordering lets the optimiser drop a store that the next one overwrites, where nothing in between could look.
static constexpr auto whole = LLVM::AtomicOrdering::unordered;

FunctionBuilder::FunctionBuilder(Lowering &lowering, LLVM::LLVMFuncOp function, Location loc)
    : builder(loc, function.getContext()), lowering(lowering), types(lowering.types), function(function) {
  builder.setInsertionPointToEnd(function.addEntryBlock(builder));
  leave = [this](Value status) { LLVM::ReturnOp::create(builder, status); };
}

Value FunctionBuilder::constant(Type type, int64_t value) { return LLVM::ConstantOp::create(builder, type, value); }

Block *FunctionBuilder::newBlock() {
  OpBuilder::InsertionGuard guard(builder);
  return builder.createBlock(&function.getBody());
}

//===-------------------------------------------------------------------------------------------------------------===//
// The runtime
//===-------------------------------------------------------------------------------------------------------------===//

Value FunctionBuilder::callRuntime(EntryPoint which, ValueRange arguments) {
  SmallVector<Value> all = {argument(0)};
  llvm::append_range(all, arguments);
  auto call = LLVM::CallOp::create(builder, lowering.entryPoint(which), all);
  return call.getNumResults() != 0 ? call.getResult() : Value();
}

/// Adds one to the counter that many bytes behind `context->counters`.
void FunctionBuilder::increment(uint64_t offset) {
  auto counters = LLVM::LoadOp::create(builder, types.ptr, argument(0), /*alignment=*/8);
  counters.setTbaaAttr(types.contextAccess);
  Value counter = bytes(counters, offset);
  auto before = LLVM::LoadOp::create(builder, types.i64, counter, 8, false, false, false, false, whole);
  before.setTbaaAttr(types.counterAccess);
  Value after = LLVM::AddOp::create(builder, before, constant(types.i64, 1));
  auto store = LLVM::StoreOp::create(builder, after, counter, 8, false, false, false, whole);
  store.setTbaaAttr(types.counterAccess);
}

void FunctionBuilder::countCall(StringRef function) {
  increment(uint64_t(lowering.indexOf(function)) * sizeof(flux_ir_counters));
}

void FunctionBuilder::countStretch(Block &body) {
  if (std::optional<uint32_t> counter = lowering.stretches->counterOf(body))
    increment(lowering.numFunctions() * sizeof(flux_ir_counters) + *counter * sizeof(uint64_t));
}

/// Names the node that runs from here on, for readers in other threads.
void FunctionBuilder::enterNode(int32_t index) {
  Value node = bytes(argument(0), offsetof(flux_ir_context, node));
  auto store = LLVM::StoreOp::create(builder, constant(types.i32, index), node, 4, false, false, false, whole);
  store.setTbaaAttr(types.contextAccess);
}

void FunctionBuilder::leaveNode() { enterNode(FLUX_IR_NO_NODE); }

void FunctionBuilder::enterGuarded(Operation *op) { enterNode(lowering.guardIndexOf(op)); }

void FunctionBuilder::acquire(ArrayAttr holds) {
  for (HoldAttr hold : lowering.inRankOrder(holds)) {
    int32_t index = lowering.locks.find(hold.getLock().getValue()) - lowering.locks.begin();
    int32_t mode = hold.getMode() == LockMode::Read ? FLUX_IR_READ : FLUX_IR_WRITE;
    callRuntime(EntryPoint::acquire, {constant(types.i32, index), constant(types.i32, mode)});
  }
}

void FunctionBuilder::release(ArrayAttr holds) {
  SmallVector<HoldAttr> order = lowering.inRankOrder(holds);
  for (HoldAttr hold : llvm::reverse(order)) {
    int32_t index = lowering.locks.find(hold.getLock().getValue()) - lowering.locks.begin();
    callRuntime(EntryPoint::release, {constant(types.i32, index)});
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// Memory
//===-------------------------------------------------------------------------------------------------------------===//

Value FunctionBuilder::stackBytes(uint64_t size, uint64_t align) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getBody().front());
  auto type = LLVM::LLVMArrayType::get(types.i8, size);
  return LLVM::AllocaOp::create(builder, types.ptr, type, constant(types.i32, 1), align);
}

Value FunctionBuilder::bytes(Value base, uint64_t offset) {
  if (offset == 0)
    return base;
  return LLVM::GEPOp::create(builder, types.ptr, types.i8, base, ArrayRef<LLVM::GEPArg>{int32_t(offset)},
                             LLVM::GEPNoWrapFlags::inbounds);
}

Value FunctionBuilder::loadField(Value base, uint64_t offset, CType type) {
  Value address = bytes(base, offset);
  if (type.getClass() == CClass::Record)
    return address;
  return LLVM::LoadOp::create(builder, types.value(type), address, type.getAlign());
}

void FunctionBuilder::storeField(Value value, Value base, uint64_t offset, CType type) {
  Value address = bytes(base, offset);
  if (type.getClass() == CClass::Record)
    LLVM::MemcpyOp::create(builder, address, value, constant(types.i64, type.getSize()), /*isVolatile=*/false);
  else
    LLVM::StoreOp::create(builder, value, address, type.getAlign());
}

/// What a node forgets to set is zero, and not what another node has left there.
void FunctionBuilder::clear(Value address, const StructLayout &layout) {
  if (layout.size != 0)
    LLVM::MemsetOp::create(builder, address, constant(types.i8, 0), constant(types.i64, layout.size),
                           /*isVolatile=*/false);
}

Value FunctionBuilder::keepRecord(Value address, CType type) {
  Value copy = stackBytes(type.getSize(), type.getAlign());
  storeField(address, copy, 0, type);
  return copy;
}

Value FunctionBuilder::slot(Side side, TypeRange fields) {
  if (fields.empty())
    return LLVM::ZeroOp::create(builder, types.ptr);
  Type key = TupleType::get(types.context, fields);
  Value &slot = slots[{unsigned(side), key}];
  if (!slot) {
    StructLayout layout(fields);
    slot = stackBytes(layout.size, layout.align);
  }
  return slot;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Calls and errors
//===-------------------------------------------------------------------------------------------------------------===//

void FunctionBuilder::invoke(StringRef callee, Value in, Value out, ValueRange scope, std::optional<int32_t> rest) {
  Operation *op = lowering.functions.find(callee)->second;
  if (auto node = dyn_cast<NodeOp>(op))
    invokeNode(node, in, out, scope, rest);
  else
    invokeFlow(cast<FlowOp>(op), in, out, scope, rest);
}

Value FunctionBuilder::callFunction(LLVM::LLVMFuncOp callee, ValueRange arguments, Block *thrown,
                                    ValueRange thrownArguments) {
  if (!thrown) {
    auto call = LLVM::CallOp::create(builder, callee, arguments);
    return call.getNumResults() != 0 ? call.getResult() : Value();
  }
  Block *next = newBlock();
  auto call = LLVM::InvokeOp::create(builder, callee, arguments, next, ValueRange(), thrown, thrownArguments);
  builder.setInsertionPointToEnd(next);
  return call.getNumResults() != 0 ? call.getResult() : Value();
}

Block *FunctionBuilder::catchBlock(Operation *thrower, llvm::function_ref<void(Block *, Value)> goOn) {
  if (!lowering.exceptions)
    return nullptr;
  OpBuilder::InsertionGuard guard(builder);
  Block *block = newBlock();
  builder.setInsertionPointToEnd(block);
  goOn(block, lowering.catchException(builder, function, thrower, argument(0)));
  return block;
}

/// A side that the node does not have may be anything.
Value FunctionBuilder::callNode(NodeOp node, Value in, Value out, Block *thrown, ValueRange thrownArguments) {
  int32_t index = lowering.indexOf(node.getSymName());
  if (lowering.debug)
    clear(out, StructLayout(node.getFunctionType().getResults()));
  enterNode(index);
  if (node.getByModel()) {
    Value call = LLVM::AddressOfOp::create(builder, lowering.nodeCall(node));
    return callRuntime(EntryPoint::run, {constant(types.i32, index), call, in, out});
  }
  SmallVector<Value> arguments;
  if (node.getFunctionType().getNumInputs() != 0)
    arguments.push_back(in);
  if (node.getFunctionType().getNumResults() != 0)
    arguments.push_back(out);
  return callFunction(lowering.nodeFunction(node), arguments, thrown, thrownArguments);
}

void FunctionBuilder::invokeNode(NodeOp node, Value in, Value out, ValueRange scope, std::optional<int32_t> rest) {
  SmallVector<Value> place;
  if (rest)
    place.push_back(constant(types.i32, *rest));
  Value error = callNode(node, in, out, thrownBlock(node, in, scope, rest.has_value()), place);

  Block *next = newBlock();
  Value isError = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, error, constant(types.i32, 0));
  SmallVector<Value> how = {error};
  llvm::append_range(how, place);
  LLVM::CondBrOp::create(builder, isError, failedBlock(node, in, scope, rest.has_value()), how, next, ValueRange(),
                         unlikely);
  builder.setInsertionPointToEnd(next);
}

/// Where an exception of `node` goes: on as an error. The argument, if it skips calls, is their place. A node that is
/// left to the model is called by a function that catches its exceptions.
Block *FunctionBuilder::thrownBlock(NodeOp node, Value in, ValueRange scope, bool skips) {
  if (node.getByModel())
    return nullptr;
  bool takesInput = node.getFunctionType().getNumInputs() != 0;
  Block *&thrown = thrownBlocks[{node, takesInput ? in : Value(), skips}];
  if (!thrown)
    thrown = catchBlock(node, [&](Block *block, Value error) {
      SmallVector<Value> how = {error};
      if (skips)
        how.push_back(block->addArgument(types.i32, builder.getLoc()));
      LLVM::BrOp::create(builder, how, failedBlock(node, in, scope, skips));
    });
  return thrown;
}

/// Where an error of `node` goes; the arguments are the error and, if it skips calls, their place. All calls of a node
/// share it: their input is in one buffer. The machine code of a flow with 10,000 cases, each with a way out of its
/// own, took three times as long.
Block *FunctionBuilder::failedBlock(NodeOp node, Value in, ValueRange scope, bool skips) {
  bool takesInput = node.getFunctionType().getNumInputs() != 0;
  Block *&failed = failedBlocks[{node, takesInput ? in : Value(), skips}];
  if (failed)
    return failed;
  OpBuilder::InsertionGuard guard(builder);
  failed = newBlock();
  Value error = failed->addArgument(types.i32, builder.getLoc());
  builder.setInsertionPointToEnd(failed);
  Value isError = callRuntime(EntryPoint::fail, {constant(types.i32, lowering.indexOf(node.getSymName())), error});
  if (skips)
    skip(failed->addArgument(types.i32, builder.getLoc()));
  if (isPolled)
    leaveUnless(isError);
  runHandlers(node.getSymName(), takesInput, in, scope, error);
  return failed;
}

/// Goes on where `isError` is not 0; else the function ends with nothing left to do.
void FunctionBuilder::leaveUnless(Value isError) {
  Block *goesOn = newBlock();
  Value ends = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, isError, constant(types.i32, 0));
  LLVM::CondBrOp::create(builder, ends, leaveBlock(), ValueRange{constant(types.i32, FLUX_IR_ENDED)}, goesOn,
                         ValueRange());
  builder.setInsertionPointToEnd(goesOn);
}

void FunctionBuilder::invokeFlow(FlowOp flow, Value in, Value out, ValueRange scope, std::optional<int32_t> rest) {
  LLVM::LLVMFuncOp function = lowering.flowFunction(flow.getSymNameAttr(), flow.getLoc());
  SmallVector<Value> arguments = {argument(0)};
  llvm::append_range(arguments, scope);
  arguments.append({in, out});
  Value status = LLVM::CallOp::create(builder, function, arguments).getResult();

  Block *next = newBlock();
  Value goesOn = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, status, constant(types.i32, FLUX_IR_CONTINUE));
  if (lowering.handlers.handlersOf(flow.getSymName()).empty()) {
    SmallVector<Value> how = {status};
    if (rest)
      how.push_back(constant(types.i32, *rest));
    LLVM::CondBrOp::create(builder, goesOn, next, ValueRange(), rest ? skipBlock() : leaveBlock(), how,
                           std::pair(unlikely.second, unlikely.first));
  } else {
    Block *failed = newBlock(), *waits = newBlock();
    LLVM::CondBrOp::create(builder, goesOn, next, ValueRange(), failed, ValueRange(),
                           std::pair(unlikely.second, unlikely.first));
    builder.setInsertionPointToEnd(failed);
    if (rest)
      skip(constant(types.i32, *rest));
    Value isWaiting =
        LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, status, constant(types.i32, FLUX_IR_FAILED));
    LLVM::CondBrOp::create(builder, isWaiting, waits, ValueRange(), leaveBlock(), ValueRange{status});
    builder.setInsertionPointToEnd(waits);
    Value error = loadError();
    runHandlers(flow.getSymName(), flow.getFunctionType().getNumInputs() != 0, in, scope, error);
  }
  builder.setInsertionPointToEnd(next);
}

void FunctionBuilder::invokePart(LLVM::LLVMFuncOp part, Value in, Value out, ValueRange scope) {
  SmallVector<Value> arguments = {argument(0)};
  llvm::append_range(arguments, scope);
  arguments.append({in, out});
  Value status = LLVM::CallOp::create(builder, part, arguments).getResult();
  Block *next = newBlock();
  Value goesOn = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, status, constant(types.i32, FLUX_IR_CONTINUE));
  LLVM::CondBrOp::create(builder, goesOn, next, ValueRange(), leaveBlock(), ValueRange{status},
                         std::pair(unlikely.second, unlikely.first));
  builder.setInsertionPointToEnd(next);
}

Value FunctionBuilder::loadError() {
  return LLVM::LoadOp::create(builder, types.i32, bytes(argument(0), offsetof(flux_ir_context, error)), 4);
}

Value FunctionBuilder::isRunning(ValueRange scope, unsigned way) {
  ScopeBit place(way);
  Value bit = LLVM::AndOp::create(builder, scope[place.word], constant(types.i64, place.mask));
  return LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, bit, constant(types.i64, 0));
}

/// Emits the choice among the handlers of `callee`, which has failed; every way leaves the function.
void FunctionBuilder::runHandlers(StringRef callee, bool takesInput, Value in, ValueRange scope, Value error) {
  for (HandlerOp handler : lowering.handlers.handlersOf(callee)) {
    std::optional<unsigned> way = lowering.handlers.wayOf(handler);
    if (!way) {
      runHandler(handler, takesInput, in, error);
      return;
    }
    Block *here = newBlock(), *other = newBlock();
    LLVM::CondBrOp::create(builder, isRunning(scope, *way), here, other);
    builder.setInsertionPointToEnd(here);
    runHandler(handler, takesInput, in, error);
    builder.setInsertionPointToEnd(other);
  }
  LLVM::BrOp::create(builder, ValueRange{constant(types.i32, FLUX_IR_FAILED)}, leaveBlock());
}

void FunctionBuilder::runHandler(HandlerOp handler, bool takesInput, Value in, Value error) {
  SmallVector<Value> arguments;
  if (takesInput)
    arguments.push_back(in);
  arguments.push_back(error);
  acquire(handler.getHolds());
  enterGuarded(handler);
  auto leaveWith = [&](EntryPoint outcome) {
    callRuntime(outcome);
    LLVM::BrOp::create(builder, ValueRange{constant(types.i32, FLUX_IR_ENDED)}, leaveBlock());
  };
  Block *thrown = catchBlock(handler, [&](Block *, Value) { leaveWith(EntryPoint::unhandled); });
  callFunction(lowering.handlerFunction(handler, takesInput), arguments, thrown);
  release(handler.getHolds());
  leaveWith(EntryPoint::handled);
}

Block *FunctionBuilder::leaveBlock() {
  if (!sharedLeave) {
    OpBuilder::InsertionGuard guard(builder);
    sharedLeave = newBlock();
    Value status = sharedLeave->addArgument(types.i32, builder.getLoc());
    builder.setInsertionPointToEnd(sharedLeave);
    leave(status);
  }
  return sharedLeave;
}

Block *FunctionBuilder::skipBlock() {
  if (!sharedSkip) {
    OpBuilder::InsertionGuard guard(builder);
    sharedSkip = newBlock();
    Value status = sharedSkip->addArgument(types.i32, builder.getLoc());
    builder.setInsertionPointToEnd(sharedSkip);
    skip(sharedSkip->addArgument(types.i32, builder.getLoc()));
    LLVM::BrOp::create(builder, status, leaveBlock());
  }
  return sharedSkip;
}
