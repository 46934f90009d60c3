//===- VerifyProgram.cpp - What holds between the parts of a program --------------------------------------------===//
//
// The rules that no operation can check by itself, each as the front end has it (lib/Frontend/ResolveNames.cpp and
// Check*.cpp), in time linear in the program, since the verifier runs again after every pass. What is asked of the
// graph of flows is asked of acyclic programs only; flux-verify-acyclic refuses the others.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "VerifyProgram.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace flux;

namespace {

/// Which flows call what, flows in an order in which callers come first.
struct CallGraph {
  explicit CallGraph(ModuleOp program);

  llvm::MapVector<StringAttr, SmallVector<StringAttr, 4>> callees; ///< of each flow
  SmallVector<StringAttr> callersFirst;                            ///< empty for a cyclic program
};

class ProgramVerifier {
public:
  ProgramVerifier(ModuleOp program, const SymbolTable &symbols) : program(program), symbols(symbols) {}

  LogicalResult run();

private:
  /// What a C function is used for, and where that is first seen.
  struct Use {
    StringRef kind;
    Operation *user;
  };

  LogicalResult checkFunction(Operation *function);
  LogicalResult checkSource(SourceOp source);
  LogicalResult checkHandler(HandlerOp handler);
  LogicalResult claim(StringRef function, StringRef kind, Operation *user);
  LogicalResult checkServed(StringRef function, StringRef what, StringRef served, Operation *user);
  LogicalResult checkPredicates();
  LogicalResult checkAsked(DispatchOp dispatch, FlatSymbolRefAttr predicate, unsigned field);
  LogicalResult checkPaths(const CallGraph &graph);
  LogicalResult checkSessions(const CallGraph &graph);
  LogicalResult refuse(Operation *op, const std::string &reason, Operation *other, const Twine &note);
  /// A lock that is not there is refused by whoever takes it, whose turn comes later.
  bool isSession(HoldAttr hold) {
    auto lock = symbols.lookup<LockOp>(hold.getLock().getValue());
    return lock && lock.getScope() == LockScope::Session;
  }

  ModuleOp program;
  const SymbolTable &symbols;
  llvm::StringMap<Use> uses;
  llvm::StringMap<std::pair<StringRef, Operation *>> servedFirst; ///< by C function
  llvm::DenseMap<std::pair<Attribute, Attribute>, SourceOp> sourcesByEnds;
  llvm::DenseMap<Attribute, HandlerOp> handlersByPath;
  llvm::StringMap<std::pair<CType, Operation *>> askedFirst; ///< by C function
};

} // namespace

LogicalResult flux::verifyProgramAfter(Operation *op, SymbolTableCollection &tables) {
  for (Operation *next = op->getNextNode(); next; next = next->getNextNode())
    if (isa_and_nonnull<FluxDialect>(next->getDialect()))
      return success();
  auto program = cast<ModuleOp>(op->getParentOp());
  return ProgramVerifier(program, tables.getSymbolTable(program)).run();
}

/// Reports `reason` at `op`, with a note at the other place involved.
LogicalResult ProgramVerifier::refuse(Operation *op, const std::string &reason, Operation *other, const Twine &note) {
  InFlightDiagnostic diag = op->emitError(reason);
  diag.attachNote(other->getLoc()) << note;
  return diag;
}

LogicalResult ProgramVerifier::run() {
  bool asks = false, leads = false, hasSessionLocks = false;
  for (Operation &op : program.getOps()) {
    LogicalResult result = success();
    if (isa<NodeOp, FlowOp>(op)) {
      result = checkFunction(&op);
    } else if (auto predicate = dyn_cast<PredicateOp>(op)) {
      asks = true;
      result = claim(predicate.getFunction(), "predicate's function", predicate);
    } else if (auto source = dyn_cast<SourceOp>(op)) {
      result = checkSource(source);
    } else if (auto handler = dyn_cast<HandlerOp>(op)) {
      leads |= handler.getPath().size() > 1;
      result = checkHandler(handler);
    } else if (auto lock = dyn_cast<LockOp>(op)) {
      hasSessionLocks |= lock.getScope() == LockScope::Session;
    }
    if (failed(result))
      return failure();
  }
  if (asks && failed(checkPredicates()))
    return failure();
  if (!leads && !hasSessionLocks)
    return success();
  CallGraph graph(program);
  if (leads && failed(checkPaths(graph)))
    return failure();
  return hasSessionLocks ? checkSessions(graph) : success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Names
//===-------------------------------------------------------------------------------------------------------------===//

/// Claims a C function, which has the prototype of its `kind`.
LogicalResult ProgramVerifier::claim(StringRef function, StringRef kind, Operation *user) {
  auto [entry, isNew] = uses.try_emplace(function, Use{kind, user});
  const Use &first = entry->second;
  if (isNew || first.kind == kind)
    return success();
  return refuse(user, sayTwoKinds(function, kind, first.kind), first.user, "it is a " + first.kind + " here");
}

LogicalResult ProgramVerifier::checkFunction(Operation *function) {
  StringRef name = SymbolTable::getSymbolName(function).getValue();
  if (isa<FlowOp>(function) && isWrapper(name))
    return success();
  if (failed(claim(name, isa<FlowOp>(function) ? "flow" : "node", function)))
    return failure();
  StringRef owner = ownerOfStruct(name);
  Operation *found = owner.empty() ? nullptr : symbols.lookup(owner);
  if (!isa_and_nonnull<NodeOp, FlowOp>(found))
    return success();
  return refuse(function, sayStructName(name, owner), found, "'" + owner + "' is declared here");
}

/// Checks that C function `function`, which is `what`, is given the input of `served` and no other.
LogicalResult ProgramVerifier::checkServed(StringRef function, StringRef what, StringRef served, Operation *user) {
  auto [entry, isNew] = servedFirst.try_emplace(function, served, user);
  auto [first, firstUser] = entry->second;
  if (isNew || first == served)
    return success();
  TypeRange ours = signatureOf(symbols.lookup(served)).getInputs();
  TypeRange theirs = signatureOf(symbols.lookup(first)).getInputs();
  bool agrees = ours.size() == theirs.size() && llvm::all_of(llvm::zip(ours, theirs), [](auto pair) {
                  return cast<CType>(std::get<0>(pair)).isSame(cast<CType>(std::get<1>(pair)));
                });
  if (agrees)
    return success();
  return refuse(user, sayServesTwo(what, function, withoutWrapper(first), withoutWrapper(served)), firstUser,
                "it serves '" + withoutWrapper(first) + "' here");
}

LogicalResult ProgramVerifier::checkSource(SourceOp source) {
  auto [entry, isNew] = sourcesByEnds.try_emplace({source.getFunctionAttr(), source.getTargetAttr()}, source);
  if (!isNew)
    return refuse(source, saySourceTwice(withoutWrapper(source.getFunction()), withoutWrapper(source.getTarget())),
                  entry->second, "the first time is here");
  std::optional<StringRef> session = source.getSession();
  if (!session)
    return success();
  if (failed(claim(*session, "session's function", source)))
    return failure();
  return checkServed(*session, "session function", source.getTarget(), source);
}

LogicalResult ProgramVerifier::checkHandler(HandlerOp handler) {
  StringRef served = cast<FlatSymbolRefAttr>(handler.getPath().getValue().back()).getValue();
  auto [entry, isNew] = handlersByPath.try_emplace(handler.getPath(), handler);
  if (!isNew)
    return refuse(handler, sayHandledTwice(served), entry->second, "the first is here");
  if (failed(claim(handler.getFunction(), "handler", handler)))
    return failure();
  return checkServed(handler.getFunction(), "handler", served, handler);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Predicates
//===-------------------------------------------------------------------------------------------------------------===//

/// What the program calls `field` of a dispatch.
static std::string nameOfField(DispatchOp dispatch, unsigned field, const SymbolTable &symbols) {
  Value value = dispatch.getOperands()[field];
  ArrayAttr names;
  unsigned index = 0;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    index = argument.getArgNumber();
    names = cast<FlowOp>(argument.getOwner()->getParentOp()).getInputNames();
  } else if (auto call = value.getDefiningOp<CallOp>()) {
    index = cast<OpResult>(value).getResultNumber();
    names = symbols.lookup(call.getCallee())->getAttrOfType<ArrayAttr>("output_names");
  }
  return names ? cast<StringAttr>(names[index]).str() : "field " + std::to_string(field + 1);
}

/// A predicate's prototype is known from the fields that it is asked about.
LogicalResult ProgramVerifier::checkPredicates() {
  WalkResult result = program.walk([&](DispatchOp dispatch) {
    for (ArrayAttr pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
      for (auto [field, element] : llvm::enumerate(pattern))
        if (auto predicate = dyn_cast<FlatSymbolRefAttr>(element))
          if (failed(checkAsked(dispatch, predicate, field)))
            return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult ProgramVerifier::checkAsked(DispatchOp dispatch, FlatSymbolRefAttr predicate, unsigned field) {
  auto known = symbols.lookup<PredicateOp>(predicate.getValue());
  if (!known)
    return success(); // which the dispatch reports
  auto type = cast<CType>(dispatch.getOperands()[field].getType());
  auto [entry, isNew] = askedFirst.try_emplace(known.getFunction(), type, dispatch);
  auto [first, firstUse] = entry->second;
  if (isNew || first.isSame(type))
    return success();
  return refuse(dispatch,
                sayOtherFieldType(predicate.getValue(), first.getSpelling(), nameOfField(dispatch, field, symbols),
                                  type.getSpelling()),
                firstUse, "the predicate's type comes from its first use");
}

//===-------------------------------------------------------------------------------------------------------------===//
// The graph of flows
//===-------------------------------------------------------------------------------------------------------------===//

CallGraph::CallGraph(ModuleOp program) {
  llvm::DenseMap<StringAttr, unsigned> callers;
  for (FlowOp flow : program.getOps<FlowOp>()) {
    SmallVector<StringAttr, 4> &called = callees[flow.getSymNameAttr()];
    flow.walk([&](CallOp call) {
      called.push_back(call.getCalleeAttr().getAttr());
      ++callers[called.back()];
    });
  }
  for (const auto &[flow, called] : callees)
    if (callers.lookup(flow) == 0)
      callersFirst.push_back(flow);
  for (size_t next = 0; next != callersFirst.size(); ++next)
    for (StringAttr callee : callees.find(callersFirst[next])->second)
      if (--callers[callee] == 0 && callees.contains(callee))
        callersFirst.push_back(callee);
  if (callersFirst.size() != callees.size())
    callersFirst.clear();
}

/// Checks that each function of a handler's path runs within the one before it: for 64 outer flows at a time, each of
/// which is a bit of what is running around a function.
LogicalResult ProgramVerifier::checkPaths(const CallGraph &graph) {
  struct Step {
    StringAttr inner;
    HandlerOp handler;
  };
  llvm::MapVector<StringAttr, SmallVector<Step, 1>> steps; ///< by the outer flow
  for (HandlerOp handler : program.getOps<HandlerOp>()) {
    auto path = llvm::to_vector(handler.getPath().getAsRange<FlatSymbolRefAttr>());
    for (size_t i = 1; i < path.size(); ++i)
      steps[path[i - 1].getAttr()].push_back({path[i].getAttr(), handler});
  }
  for (size_t begin = 0; begin < steps.size() && !graph.callersFirst.empty(); begin += 64) {
    auto outers = llvm::ArrayRef(steps.begin(), steps.size()).slice(begin).take_front(64);
    llvm::DenseMap<StringAttr, uint64_t> own, around;
    for (auto [bit, outer] : llvm::enumerate(outers))
      own[outer.first] = uint64_t(1) << bit;
    for (StringAttr flow : graph.callersFirst)
      if (uint64_t running = around.lookup(flow) | own.lookup(flow))
        for (StringAttr callee : graph.callees.find(flow)->second)
          around[callee] |= running;
    for (const auto &[outer, inside] : outers)
      for (const Step &step : inside)
        if (!(around.lookup(step.inner) & own.lookup(outer)))
          return refuse(step.handler, sayNeverWithin(step.inner, outer), symbols.lookup(outer),
                        "'" + outer.getValue() + "' is declared here");
  }
  return success();
}

/// Checks that a session lock is only reached within a session.
LogicalResult ProgramVerifier::checkSessions(const CallGraph &graph) {
  struct Reached {
    StringRef lock;
    Operation *taker = nullptr;
  };
  llvm::DenseMap<StringAttr, Reached> reached; ///< by each function, itself or through others
  auto addOwn = [&](StringAttr function, ArrayAttr holds, Operation *taker) {
    for (HoldAttr hold : holds.getAsRange<HoldAttr>())
      if (isSession(hold))
        reached.try_emplace(function, Reached{hold.getLock().getValue(), taker});
  };
  // A handler runs within the session of the flow whose error it takes.
  for (HandlerOp handler : program.getOps<HandlerOp>())
    addOwn(cast<FlatSymbolRefAttr>(handler.getPath().getValue().back()).getAttr(), handler.getHolds(), handler);
  for (FlowOp flow : program.getOps<FlowOp>())
    flow.walk<WalkOrder::PreOrder>(
        [&](ConstrainedOp region) { addOwn(flow.getSymNameAttr(), region.getHolds(), region); });
  for (StringAttr flow : llvm::reverse(graph.callersFirst))
    for (StringAttr callee : graph.callees.find(flow)->second)
      if (Reached inner = reached.lookup(callee); inner.taker)
        reached.try_emplace(flow, inner);

  for (SourceOp source : program.getOps<SourceOp>()) {
    StringRef name = withoutWrapper(source.getFunction());
    if (Reached own = reached.lookup(source.getFunctionAttr().getAttr()); own.taker)
      return refuse(source, sayBeforeSession(name, own.lock), own.taker, "the constraint is here");
    Reached started = reached.lookup(source.getTargetAttr().getAttr());
    if (started.taker && !source.getSession())
      return refuse(source, sayNoSession(name, started.lock), started.taker, "the constraint is here");
  }
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Programs
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult flux::verifyIsProgram(ModuleOp module) {
  if (Operation *outer = module->getParentOp()) {
    InFlightDiagnostic diag = module.emitError() << "a Flux program is a module of its own, but this one stands in "
                                                 << "another operation";
    diag.attachNote(outer->getLoc()) << "which is here";
    return diag;
  }
  for (Operation &op : module.getOps()) {
    if (isa_and_nonnull<FluxDialect>(op.getDialect()))
      continue;
    InFlightDiagnostic diag = op.emitError() << "'" << op.getName() << "' is no part of a Flux program";
    if (op.getName().getDialectNamespace() == "llvm")
      diag.attachNote() << "the program has been lowered already; give this what it was lowered from";
    return diag;
  }
  return success();
}
