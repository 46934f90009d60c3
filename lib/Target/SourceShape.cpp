//===- SourceShape.cpp - How a program would be put into the words of the language ------------------------------===//

#include "SourceShape.h"
#include "flux/Dialect/Flux/IR/Rules.h"

using namespace mlir;
using namespace flux;

FailureOr<SourceShape> SourceShape::of(ModuleOp program) {
  SourceShape shape(program);
  for (FlowOp flow : program.getOps<FlowOp>())
    if (failed(shape.readFlow(flow)))
      return failure();
  // What a source names has the constraint of its own that the flow around it, if any, has shown.
  for (SourceOp source : program.getOps<SourceOp>())
    for (StringRef name : {source.getFunction(), source.getTarget()})
      if (shape.symbols.lookup<NodeOp>(name) && failed(shape.addHolds(name, shape.noLocks, source.getLoc())))
        return failure();
  if (failed(shape.settleLoneNodes()) || failed(shape.readHandlers()) || failed(shape.orderConstraints()))
    return failure();
  return shape;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Flows
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether `op` is all that stands in its block, and the block gives just what it gives.
static bool isWhole(Operation *op) {
  Block *block = op->getBlock();
  return op == &block->front() && op->getNextNode() == block->getTerminator() &&
         op->getResults() == block->getTerminator()->getOperands();
}

/// The call of a node that is all that stands in `region`, if so.
CallOp SourceShape::nodeCalledIn(ConstrainedOp region) const {
  auto call = dyn_cast<CallOp>(region.getBody().front().front());
  return call && isWhole(call) && symbols.lookup<NodeOp>(call.getCallee()) ? call : CallOp();
}

LogicalResult SourceShape::readFlow(FlowOp flow) {
  ValueRange inputs = flow.getBody().getArguments();
  Block *body = &flow.getBody().front();
  SmallVector<ChainShape> &chains = flows[flow];
  auto region = dyn_cast<ConstrainedOp>(body->front());
  if (region && isWhole(region)) {
    CallOp lone = nodeCalledIn(region);
    if (lone && !isWrapper(flow.getSymName()) && lone.getOperands() == inputs) {
      undecided.push_back(region);
      chains.push_back({nullptr, flow.getLoc(), {lone}});
      return success();
    }
    if (!lone) {
      if (failed(addHolds(flow.getSymName(), region.getHolds(), region.getLoc())))
        return failure();
      body = &region.getBody().front();
    }
  }
  auto dispatch = dyn_cast<DispatchOp>(body->front());
  if (dispatch && isWhole(dispatch))
    return readDispatch(dispatch, inputs, chains);
  FailureOr<ChainShape> chain = readChain(*body, inputs, nullptr);
  if (failed(chain))
    return failure();
  chain->loc = flow.getLoc();
  chains.push_back(std::move(*chain));
  return success();
}

LogicalResult SourceShape::readDispatch(DispatchOp dispatch, ValueRange inputs, SmallVector<ChainShape> &cases) {
  if (dispatch.getOperands() != inputs)
    return dispatch.emitOpError() << "chooses by other values than the inputs of its flow, which Flux cannot say";
  for (auto [pattern, body] : llvm::zip(dispatch.getPatterns().getAsRange<ArrayAttr>(), dispatch.getCases())) {
    FailureOr<ChainShape> chain = readChain(body.front(), inputs, pattern);
    if (failed(chain))
      return failure();
    cases.push_back(std::move(*chain));
  }
  return success();
}

/// Reads a block in which every call takes just what the one before it gives.
FailureOr<ChainShape> SourceShape::readChain(Block &block, ValueRange inputs, ArrayAttr pattern) {
  ChainShape chain{pattern, block.getTerminator()->getLoc(), {}};
  ValueRange values = inputs;
  for (Operation &op : block.without_terminator()) {
    auto call = dyn_cast<CallOp>(op);
    ArrayAttr holds = noLocks;
    if (auto region = dyn_cast<ConstrainedOp>(op)) {
      call = nodeCalledIn(region);
      holds = region.getHolds();
    }
    if (!call)
      return op.emitOpError() << "stands among other operations of a flow; in Flux it is a flow of its own";
    if (call.getOperands() != values)
      return call.emitOpError() << "takes other values than the link before it gives, which Flux cannot say";
    if (symbols.lookup<NodeOp>(call.getCallee()) && failed(addHolds(call.getCallee(), holds, op.getLoc())))
      return failure();
    chain.links.push_back(call);
    values = op.getResults();
  }
  if (block.getTerminator()->getOperands() != values)
    return block.getTerminator()->emitOpError() << "gives other values than the last link, which Flux cannot say";
  return chain;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Constraints
//===-------------------------------------------------------------------------------------------------------------===//

static std::string describe(ArrayAttr locks) {
  std::string text = "{";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(locks.getAsRange<HoldAttr>(), os, [&](HoldAttr hold) {
    os << hold.getLock().getValue() << (hold.getMode() == LockMode::Read ? "?" : "");
  });
  return text + "}";
}

/// Notes that `owner` holds these locks, and no others, at `loc`.
LogicalResult SourceShape::addHolds(StringRef owner, ArrayAttr locks, Location loc) {
  auto [entry, isNew] = owners.insert({owner, {locks, loc}});
  if (isNew || entry->second.locks == locks)
    return success();
  InFlightDiagnostic diag = mlir::emitError(loc) << "'" << owner << "' is constrained by " << describe(locks)
                                                 << " here and by " << describe(entry->second.locks)
                                                 << " elsewhere; in Flux its constraint is the same everywhere";
  diag.attachNote(entry->second.loc) << "elsewhere is here";
  return diag;
}

/// Gives each region around the only node of a flow to the node or to the flow.
LogicalResult SourceShape::settleLoneNodes() {
  // A node without another use takes the constraint if all such regions agree.
  llvm::MapVector<StringRef, ArrayAttr> agreed;
  for (ConstrainedOp region : undecided) {
    StringRef node = nodeCalledIn(region).getCallee();
    auto [entry, isNew] = agreed.insert({node, region.getHolds()});
    if (!isNew && entry->second != region.getHolds())
      entry->second = noLocks;
  }
  for (ConstrainedOp region : undecided) {
    StringRef node = nodeCalledIn(region).getCallee();
    ArrayAttr ofNode = owners.insert({node, {agreed.lookup(node), region.getLoc()}}).first->second.locks;
    StringRef owner = ofNode.empty() ? region->getParentOfType<FlowOp>().getSymName() : node;
    if (failed(addHolds(owner, region.getHolds(), region.getLoc())))
      return failure();
  }
  return success();
}

LogicalResult SourceShape::readHandlers() {
  for (HandlerOp handler : program.getOps<HandlerOp>())
    if (failed(addHolds(handler.getFunction(), handler.getHolds(), handler.getLoc())))
      return failure();
  return success();
}

namespace {

/// The importer declares locks in the order in which constraints mention them, so the constraints are put in an order
/// that agrees with the declarations, in parts where it has to be. Each owner waits for the first lock of its
/// constraint that has not been mentioned; the next lock is mentioned by the first owner that waits for it. Where none
/// does, a node that nothing runs must have mentioned it.
class ConstraintOrder {
public:
  ConstraintOrder(ArrayRef<ConstraintShape> whole, NodeOp unused);

  LogicalResult mention(LockOp lock);
  std::vector<ConstraintShape> finish();

private:
  /// A constraint, less what has been said of it.
  struct Owner {
    ConstraintShape rest;
    size_t mentioned = 0; ///< locks of `rest`, from its front
  };

  void advance(unsigned owner);
  void say(unsigned owner, size_t count);
  static Attribute lockOf(Attribute hold) { return cast<HoldAttr>(hold).getLock().getAttr(); }

  SmallVector<Owner> owners;
  NodeOp unused;
  std::optional<unsigned> speaker; ///< the node that mentioned the last lock, noted when another mentions one
  llvm::DenseSet<Attribute> known;
  llvm::DenseMap<Attribute, SmallVector<unsigned>> waiting;
  std::vector<ConstraintShape> said;
};

} // namespace

ConstraintOrder::ConstraintOrder(ArrayRef<ConstraintShape> whole, NodeOp unused) : unused(unused) {
  for (const ConstraintShape &constraint : whole)
    owners.push_back({constraint});
  for (unsigned owner = 0; owner != owners.size(); ++owner)
    advance(owner);
}

/// Passes over the locks that are known, and waits for the next.
void ConstraintOrder::advance(unsigned owner) {
  auto &[rest, mentioned] = owners[owner];
  while (mentioned != rest.holds.size() && known.contains(lockOf(rest.holds[mentioned])))
    ++mentioned;
  if (mentioned != rest.holds.size())
    waiting[lockOf(rest.holds[mentioned])].push_back(owner);
}

/// Says the first locks of a constraint.
void ConstraintOrder::say(unsigned owner, size_t count) {
  ConstraintShape &rest = owners[owner].rest;
  said.push_back({rest.owner, rest.holds.take_front(count), rest.loc});
  rest.holds = rest.holds.drop_front(count);
  owners[owner].mentioned = 0;
}

LogicalResult ConstraintOrder::mention(LockOp lock) {
  SmallVector<unsigned> ready = waiting.lookup(lock.getSymNameAttr());
  // The last speaker goes on if it can, so that its constraint stays whole.
  if (!speaker || !llvm::is_contained(ready, *speaker)) {
    if (speaker)
      say(*speaker, owners[*speaker].mentioned);
    speaker = ready.empty() ? std::nullopt : std::optional(ready.front());
  }
  if (!speaker) {
    if (!unused)
      return lock.emitOpError()
             << "is declared where no Flux program would declare it: locks are declared in the order "
             << "in which constraints name them";
    Attribute hold = HoldAttr::get(lock.getContext(), FlatSymbolRefAttr::get(lock.getSymNameAttr()), LockMode::Write);
    said.push_back({unused.getSymName(), ArrayAttr::get(lock.getContext(), hold).getValue(), unused.getLoc()});
  }
  known.insert(lock.getSymNameAttr());
  for (unsigned owner : ready)
    advance(owner);
  return success();
}

/// Says what is left, once every lock has been mentioned.
std::vector<ConstraintShape> ConstraintOrder::finish() {
  if (speaker)
    say(*speaker, owners[*speaker].mentioned);
  for (unsigned owner = 0; owner != owners.size(); ++owner)
    if (!owners[owner].rest.holds.empty())
      say(owner, owners[owner].rest.holds.size());
  return std::move(said);
}

LogicalResult SourceShape::orderConstraints() {
  auto nodes = program.getOps<NodeOp>();
  auto unused = llvm::find_if(nodes, [&](NodeOp node) { return !owners.contains(node.getSymName()); });
  auto whole = llvm::map_to_vector(owners, [](const auto &entry) {
    return ConstraintShape{entry.first, entry.second.locks.getValue(), entry.second.loc};
  });
  ConstraintOrder order(whole, unused == nodes.end() ? NodeOp() : *unused);
  for (LockOp lock : program.getOps<LockOp>())
    if (failed(order.mention(lock)))
      return failure();
  ordered = order.finish();
  return success();
}
