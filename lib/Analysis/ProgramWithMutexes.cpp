//===- ProgramWithMutexes.cpp - A program in which the nodes' mutexes are locks -----------------------------------===//

#include "flux/Analysis/ProgramWithMutexes.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace flux;

static constexpr StringRef takerName = "flux.taker";
static constexpr StringRef mutexName = "flux.mutex";

ProgramWithMutexes::ProgramWithMutexes(ModuleOp program, const NodeCode &code)
    : nodeLocks(code), copy(program.clone()), symbols(*copy) {
  ranks = llvm::range_size(program.getOps<LockOp>());
  SmallVector<FlowOp> flows(copy->getOps<FlowOp>());
  SmallVector<Operation *> outside;
  for (Operation &op : copy->getOps())
    if (isa<SourceOp, HandlerOp>(op))
      outside.push_back(&op);
  for (FlowOp flow : flows)
    addMutexes(flow.getBody().front());
  for (Operation *op : outside) {
    ArrayAttr nothing = ArrayAttr::get(op->getContext(), {});
    if (auto handler = dyn_cast<HandlerOp>(op)) {
      addFlow("handler", handler.getFunction(), handler.getHolds(), op->getLoc());
    } else {
      auto source = cast<SourceOp>(op);
      addFlow("source", source.getFunction(), nothing, op->getLoc());
      if (symbols.lookup<NodeOp>(source.getTarget()))
        addFlow("node", source.getTarget(), nothing, op->getLoc());
    }
  }
}

StringRef ProgramWithMutexes::takerOf(Operation *region) {
  auto taker = region->getAttrOfType<StringAttr>(takerName);
  return taker ? taker.getValue() : StringRef();
}

bool ProgramWithMutexes::isMutex(LockOp lock) { return lock->hasAttr(mutexName); }

const LockUse &ProgramWithMutexes::useOf(StringRef function) {
  const LockUse &use = nodeLocks.useOf(function);
  if (!use.isComplete)
    unfollowed.insert(function);
  return use;
}

/// Adds to the steps of a block what they do with mutexes, those inside first.
void ProgramWithMutexes::addMutexes(Block &block) {
  SmallVector<Operation *> steps(llvm::make_pointer_range(block));
  for (Operation *step : steps) {
    for (Region &region : step->getRegions())
      for (Block &inner : region)
        addMutexes(inner);
    if (auto call = dyn_cast<CallOp>(step)) {
      addBefore(step, "node", call.getCallee());
      keepBehind(call);
    } else if (auto dispatch = dyn_cast<DispatchOp>(step)) {
      for (auto pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
        for (auto name : pattern.getAsRange<FlatSymbolRefAttr>())
          if (auto predicate = symbols.lookup<PredicateOp>(name.getAttr()))
            addBefore(step, "predicate", predicate.getFunction());
    }
  }
}

/// Puts what a function waits for in front of the step that calls it.
void ProgramWithMutexes::addBefore(Operation *op, StringRef kind, StringRef function) {
  std::string taker = (kind + " '" + function + "'").str();
  ArrayRef<MutexWait> waits = useOf(function).waits;
  auto placeOf = [&](const MutexWait &wait) {
    return wait.where.isKnown() ? wait.where.location(op->getContext()) : op->getLoc();
  };
  for (const MutexWait &wait : waits) {
    OpBuilder builder(op);
    for (HeldMutex held : wait.held) {
      const MutexWait *taken = llvm::find_if(waits, [&](const MutexWait &other) { return other.wanted == held; });
      Location where = placeOf(taken == waits.end() ? wait : *taken);
      builder.setInsertionPointToStart(&addRegion(builder, where, held, taker).getBody().front());
    }
    addRegion(builder, placeOf(wait), wait.wanted, taker);
  }
}

/// Puts the steps behind a node that keeps mutexes into regions of these. What they compute is used outside then, which
/// matters to no question about locks.
void ProgramWithMutexes::keepBehind(CallOp call) {
  for (HeldMutex kept : useOf(call.getCallee()).keeps) {
    SmallVector<Operation *> behind;
    for (Operation *op = call->getNextNode(); op && !op->hasTrait<OpTrait::IsTerminator>(); op = op->getNextNode()) {
      behind.push_back(op);
      if (releases(*op, kept.first))
        break;
    }
    OpBuilder builder(call->getContext());
    builder.setInsertionPointAfter(call);
    std::string taker = ("node '" + call.getCallee() + "'").str();
    Block *body = &addRegion(builder, call.getLoc(), kept, taker).getBody().front();
    for (Operation *op : behind)
      op->moveBefore(body->getTerminator());
  }
}

/// Whether a step, or what it calls, releases a mutex that it has not taken.
bool ProgramWithMutexes::releases(Operation &op, unsigned mutex) {
  bool found = false;
  op.walk([&](CallOp call) {
    StringRef callee = call.getCallee();
    auto flow = symbols.lookup<FlowOp>(callee);
    if (!flow) {
      found |= llvm::is_contained(useOf(callee).releases, mutex);
      return;
    }
    std::pair<Operation *, unsigned> asked(flow, mutex);
    auto known = flowReleases.find(asked);
    if (known == flowReleases.end())
      known = flowReleases.try_emplace(asked, releases(*flow, mutex)).first;
    found |= known->second;
  });
  return found;
}

/// Adds a flow that nobody calls for a function that runs on its own.
void ProgramWithMutexes::addFlow(StringRef kind, StringRef function, ArrayAttr holds, Location where) {
  if (useOf(function).waits.empty())
    return;
  OpBuilder builder = OpBuilder::atBlockEnd(copy->getBody());
  FunctionType type = builder.getFunctionType({}, {});
  ArrayAttr noNames = builder.getStrArrayAttr({});
  auto flow = FlowOp::create(builder, where, (kind + " " + function).str(), type, noNames, noNames);
  builder.createBlock(&flow.getBody());
  Operation *end = ReturnOp::create(builder, where, ValueRange());
  builder.setInsertionPoint(end);
  if (!holds.empty()) {
    auto region = ConstrainedOp::create(builder, where, TypeRange(), holds);
    builder.createBlock(&region.getBody());
    end = YieldOp::create(builder, where, ValueRange());
  }
  addBefore(end, kind, function);
}

ConstrainedOp ProgramWithMutexes::addRegion(OpBuilder &builder, Location where, HeldMutex mutex, StringRef taker) {
  OpBuilder::InsertionGuard guard(builder);
  auto hold = HoldAttr::get(builder.getContext(), lockOf(mutex.first), mutex.second);
  auto region = ConstrainedOp::create(builder, where, TypeRange(), builder.getArrayAttr({hold}));
  region->setAttr(takerName, builder.getStringAttr(taker));
  builder.createBlock(&region.getBody());
  YieldOp::create(builder, where, ValueRange());
  return region;
}

/// The lock that stands for a mutex. Its name is none that a program can give.
FlatSymbolRefAttr ProgramWithMutexes::lockOf(unsigned mutex) {
  while (locks.size() <= mutex) {
    OpBuilder builder = OpBuilder::atBlockEnd(copy->getBody());
    // Two files may have mutexes of one name.
    StringRef wanted = nodeLocks.names()[locks.size()];
    std::string name = wanted.str();
    for (unsigned number = 2; symbols.lookup(name); ++number)
      name = (wanted + " (" + Twine(number) + ")").str();
    auto lock = LockOp::create(builder, copy->getLoc(), name, LockScope::Program, builder.getI32IntegerAttr(ranks++));
    lock->setAttr(mutexName, builder.getUnitAttr());
    symbols.insert(lock);
    locks.push_back(FlatSymbolRefAttr::get(lock.getSymNameAttr()));
  }
  return locks[mutex];
}
