//===- Promela.cpp - A model of a program's locking for SPIN ------------------------------------------------------===//
//
// One process type runs every flow. Each flow of the program is written once, at a label of its own; a call pushes the
// place where it came from and goes there, so the text grows with the program and not with the ways through it. The
// parts of the program become
//
//   a constraint     acquire(lock, mode) in rank order, the body, release(lock)
//   a node           if :: true :: goto ..._fails fi
//   a dispatch       an `if` between its cases, all of which are possible
//   a failure        release_all(), then outwards through the labels ..._fails to the first handler that applies
//
// Flows come between each other before each acquisition and nowhere else: what a flow does until it asks for its next
// lock is atomic. It only releases locks on the way, so whatever others could do in between they can do afterwards.
// Since no atomic sequence ends inside of an `if`, cases stand behind theirs.
//
// A lock is a queue of processes: one that asks joins at its end, and enters when it is its head and no holder is in
// the way. So readers wait behind a writer that waits. A reader that asks to write waits for all readers, itself among
// them.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Target/Promela.h"
#include "flux/Analysis/LockOrder.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace flux;

/// SPIN's limit for processes, one of which starts the others, and for channels.
static constexpr size_t maxProcesses = 254, maxLocks = 255;

namespace {

/// What some of the processes do: a source's function, then its target; or a flow that nothing starts.
struct Start {
  std::string title;
  SmallVector<StringRef, 2> functions;
};

class PromelaWriter {
public:
  PromelaWriter(ModuleOp program, const LockContexts &contexts, ArrayRef<unsigned> order, ArrayRef<unsigned> flows,
                unsigned sessions, llvm::raw_ostream &os);

  LogicalResult write();

private:
  void findStarts();
  unsigned flowsOf(unsigned start) const;
  unsigned numProcesses() const;
  LogicalResult checkLimits();
  void writeLocks();
  void writeVariables();
  void writeProcess();
  void writeStart(unsigned index);
  void writeFlow(unsigned flow);
  void writeEnds(unsigned flow);
  void writeHandler(unsigned index);
  void writeInit();

  void writeBlock(Block &block);
  void writeCall(StringRef callee);
  void writeNode(StringRef node, StringRef title);
  void writeConstrained(ConstrainedOp region);
  void writeDispatch(DispatchOp dispatch);
  void writeAcquire(ArrayAttr holds, StringRef place);
  void writeRelease(ArrayAttr holds);
  void writeFailure(StringRef function, StringRef otherwise);
  /// Starts a line of the process.
  llvm::raw_ostream &line() { return os.indent(2 * depth); }

  SmallVector<HoldAttr> inOrder(ArrayAttr holds) const;
  std::string lockVariable(HoldAttr hold) const;
  std::string flowLabel(unsigned flow) const;
  unsigned stackSize() const;

  ModuleOp program;
  const LockContexts &contexts;
  const FlowGraph &graph;
  SmallVector<unsigned> rank;
  ArrayRef<unsigned> flows; ///< of each start, or one number for all
  unsigned sessions, numSessions = 1, numLocks = 0;
  llvm::raw_ostream &os;
  unsigned depth = 1;

  SmallVector<Start> starts;
  SmallVector<HandlerOp> handlers;
  /// The handlers of each function, that with the longest path first.
  llvm::StringMap<SmallVector<unsigned>> handlersOf;
  /// The flows that a handler's path leads through.
  llvm::StringSet<> inPaths;
  /// Where a call comes back to, and where it goes on if it fails.
  struct Site {
    unsigned number;
    std::string fails;
  };
  std::vector<SmallVector<Site>> sitesOf; ///< of each flow, as far as they are written
  unsigned numSites = 0, numDispatches = 0;
  std::string fails; ///< where the flow that is being written goes on if it fails
};

bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// A label or a variable for `name`, the index-th of its kind.
std::string nameFor(StringRef kind, StringRef name, unsigned index) {
  return isIdentifier(name) ? (kind + name).str() : (kind + Twine(index)).str();
}

/// A name as part of a comment or a string.
std::string plain(StringRef text) {
  std::string result = text.str();
  std::replace_if(
      result.begin(), result.end(), [](char c) { return !llvm::isAlnum(c) && !StringRef("_.->=, ").contains(c); }, '?');
  return result;
}

} // namespace

LogicalResult flux::writePromela(ModuleOp program, ArrayRef<unsigned> flows, unsigned sessions,
                                 llvm::raw_ostream &output) {
  FlowGraph graph(program);
  if (failed(verifyAcyclic(graph)))
    return failure();
  LockContexts contexts(program, graph);
  FailureOr<SmallVector<unsigned>> order = findLockOrder(contexts);
  if (failed(order))
    return failure();
  return PromelaWriter(program, contexts, *order, flows, sessions, output).write();
}

PromelaWriter::PromelaWriter(ModuleOp program, const LockContexts &contexts, ArrayRef<unsigned> order,
                             ArrayRef<unsigned> flows, unsigned sessions, llvm::raw_ostream &os)
    : program(program), contexts(contexts), graph(contexts.flowGraph()), rank(order.size()), flows(flows),
      sessions(sessions), os(os), handlers(program.getOps<HandlerOp>()), sitesOf(graph.flows().size()) {
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
  for (auto [index, handler] : llvm::enumerate(handlers)) {
    auto path = llvm::to_vector(handler.getPath().getAsRange<FlatSymbolRefAttr>());
    handlersOf[path.back().getValue()].push_back(index);
    for (FlatSymbolRefAttr flow : ArrayRef(path).drop_back())
      inPaths.insert(flow.getValue());
  }
  for (auto &entry : handlersOf)
    llvm::sort(entry.second, [&](unsigned a, unsigned b) {
      size_t lengthA = handlers[a].getPath().size(), lengthB = handlers[b].getPath().size();
      return lengthA != lengthB ? lengthA > lengthB : a < b;
    });
  findStarts();
}

void PromelaWriter::findStarts() {
  llvm::StringSet<> reached;
  for (SourceOp source : program.getOps<SourceOp>()) {
    starts.push_back({("source " + source.getFunction() + " => " + source.getTarget()).str(),
                      {source.getFunction(), source.getTarget()}});
    reached.insert(source.getFunction());
    reached.insert(source.getTarget());
  }
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    for (const FlowGraph::Edge &edge : graph.calls(flow))
      reached.insert(FlowOp(graph.flows()[edge.callee]).getSymName());
  for (FlowOp flow : graph.flows())
    if (!reached.contains(flow.getSymName()))
      starts.push_back({("flow " + flow.getSymName()).str(), {flow.getSymName()}});
}

unsigned PromelaWriter::flowsOf(unsigned start) const { return flows.size() == 1 ? flows.front() : flows[start]; }

unsigned PromelaWriter::numProcesses() const {
  unsigned count = 0;
  for (unsigned start = 0; start != starts.size(); ++start)
    count += flowsOf(start);
  return count;
}

LogicalResult PromelaWriter::checkLimits() {
  bool hasSessions = llvm::any_of(contexts.locks(), [](LockOp lock) { return lock.getScope() == LockScope::Session; });
  if (flows.size() != 1 && flows.size() != starts.size())
    return program.emitError() << "the program starts flows in " << starts.size()
                               << " ways, but the numbers of flows are " << flows.size();
  if (llvm::is_contained(flows, 0u))
    return program.emitError() << "a model needs at least one flow of each source";
  if (hasSessions)
    numSessions = sessions ? sessions : std::max(2u, std::min(*llvm::max_element(flows) + 1, numProcesses()));
  for (LockOp lock : contexts.locks())
    numLocks += lock.getScope() == LockScope::Session ? numSessions : 1;
  if (numProcesses() > maxProcesses)
    return program.emitError() << "SPIN runs " << maxProcesses << " processes at most, but " << starts.size()
                               << " sources have " << numProcesses() << " flows";
  if (numLocks > maxLocks)
    return program.emitError() << "SPIN has room for " << maxLocks << " locks, but the program needs " << numLocks;
  return success();
}

LogicalResult PromelaWriter::write() {
  if (failed(checkLimits()))
    return failure();
  os << "// The locking of a Flux program, written by flux-translate --flux-to-promela. SPIN finds deadlocks as "
        "invalid end\n"
     << "// states: spin -a model.pml && cc -O2 -w -DSAFETY -o pan pan.c && ./pan\n"
     << "// and shows what led to one: spin -t model.pml\n";
  writeLocks();
  writeProcess();
  writeInit();
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Locks
//===-------------------------------------------------------------------------------------------------------------===//

/// Flows that hold a lock wait for nobody to take it again; `held` says how often each flow has taken it.
static constexpr StringLiteral lockOperations = R"(
byte readers[LOCKS];
bool writer[LOCKS];
chan queue[LOCKS] = [PROCESSES] of { pid };

inline acquire(lock, writes) {
  if
  :: held[lock] > 0 && (writer[lock] || !writes)
  :: else ->
    queue[lock]!_pid;
    queue[lock]?[eval(_pid)] && !writer[lock] && (!writes || readers[lock] == 0);
    queue[lock]?eval(_pid);
    if
    :: writes -> writer[lock] = true
    :: else -> readers[lock]++
    fi
  fi;
  held[lock]++
}

inline leave(lock) {
  if
  :: writer[lock] -> writer[lock] = false
  :: else -> readers[lock]--
  fi
}

inline release(lock) {
  held[lock]--;
  if
  :: held[lock] == 0 -> leave(lock)
  :: else
  fi
}

inline release_all() {
  d_step {
    any = 0;
    do
    :: any < LOCKS && held[any] > 0 -> leave(any); held[any] = 0; any++
    :: any < LOCKS && held[any] == 0 -> any++
    :: else -> break
    od;
    any = 0
  }
}
)";

void PromelaWriter::writeLocks() {
  os << "\n#define PROCESSES " << std::max(1u, numProcesses()) << "\n"
     << "#define SESSIONS " << numSessions << "\n"
     << "#define LOCKS " << std::max(1u, numLocks) << "\n";
  unsigned next = 0;
  for (auto [index, lock] : llvm::enumerate(contexts.locks())) {
    bool isSession = LockOp(lock).getScope() == LockScope::Session;
    os << "#define " << nameFor("lock_", contexts.name(index), index) << " ";
    if (isSession)
      os << "(" << next << " + session)\n";
    else
      os << next << "\n";
    next += isSession ? numSessions : 1;
  }
  os << lockOperations;
}

std::string PromelaWriter::lockVariable(HoldAttr hold) const {
  return nameFor("lock_", hold.getLock().getValue(), contexts.indexOf(hold));
}

SmallVector<HoldAttr> PromelaWriter::inOrder(ArrayAttr holds) const {
  auto result = llvm::to_vector(holds.getAsRange<HoldAttr>());
  llvm::sort(result, [&](HoldAttr a, HoldAttr b) { return rank[contexts.indexOf(a)] < rank[contexts.indexOf(b)]; });
  return result;
}

/// Others may come before any lock, which is what deadlocks are made of.
void PromelaWriter::writeAcquire(ArrayAttr holds, StringRef place) {
  for (HoldAttr hold : inOrder(holds)) {
    bool writes = hold.getMode() == LockMode::Write;
    line() << "skip }; atomic { printf(\"flow %d in " << plain(place) << ": " << (writes ? "write " : "read ")
           << plain(hold.getLock().getValue()) << "\\n\", _pid); acquire(" << lockVariable(hold) << ", "
           << (writes ? "true" : "false") << ");\n";
  }
}

void PromelaWriter::writeRelease(ArrayAttr holds) {
  for (HoldAttr hold : inOrder(holds))
    line() << "release(" << lockVariable(hold) << ");\n";
}

//===-------------------------------------------------------------------------------------------------------------===//
// The process
//===-------------------------------------------------------------------------------------------------------------===//

std::string PromelaWriter::flowLabel(unsigned flow) const {
  return nameFor("flow_", FlowOp(graph.flows()[flow]).getSymName(), flow);
}

/// The most calls that can be open at once.
unsigned PromelaWriter::stackSize() const {
  SmallVector<unsigned> level(graph.flows().size(), 1);
  unsigned deepest = 1;
  for (unsigned flow : graph.topologicalOrder())
    for (const FlowGraph::Edge &edge : graph.calls(flow)) {
      level[edge.callee] = std::max(level[edge.callee], level[flow] + 1);
      deepest = std::max(deepest, level[edge.callee]);
    }
  return deepest;
}

void PromelaWriter::writeProcess() {
  os << "\nproctype Flow(byte start) {\n";
  writeVariables();
  line() << "atomic {\n";
  line() << "if\n";
  for (unsigned index = 0; index != starts.size(); ++index)
    line() << ":: start == " << index << " -> goto start_" << index << "\n";
  line() << ":: else\n";
  line() << "fi;\n";
  for (unsigned index = 0; index != starts.size(); ++index)
    writeStart(index);
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    writeFlow(flow);
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    writeEnds(flow);
  for (unsigned index = 0; index != handlers.size(); ++index)
    writeHandler(index);
  os << "\nover:\n";
  line() << "skip }\n}\n";
}

void PromelaWriter::writeVariables() {
  size_t numCalls = 0;
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    numCalls += graph.calls(flow).size();
  for (const Start &start : starts)
    numCalls += start.functions.size();
  line() << "byte held[LOCKS];\n";
  line() << "byte session, any;\n";
  line() << (numCalls < 256 ? "byte" : "int") << " back[" << stackSize() << "]; // where calls come back to\n";
  line() << "short top;\n";
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    if (inPaths.contains(FlowOp(graph.flows()[flow]).getSymName()))
      line() << "bool in_" << flowLabel(flow) << ";\n";
}

void PromelaWriter::writeStart(unsigned index) {
  const Start &start = starts[index];
  os << "\nstart_" << index << ": // " << plain(start.title) << "\n";
  fails = "over";
  for (StringRef function : start.functions) {
    if (numSessions > 1 && function == start.functions.back())
      line() << "select(session : 0 .. SESSIONS - 1);\n";
    // A source's node that fails starts no flow, and no handler runs.
    if (graph.find(function) || function == start.functions.back())
      writeCall(function);
  }
  line() << "goto over;\n";
}

void PromelaWriter::writeFlow(unsigned flow) {
  FlowOp op = graph.flows()[flow];
  os << "\n" << flowLabel(flow) << ": // " << plain(op.getSymName()) << "\n";
  fails = flowLabel(flow) + "_fails";
  if (inPaths.contains(op.getSymName()))
    line() << "in_" << flowLabel(flow) << " = true;\n";
  writeBlock(op.getBody().front());
  line() << "goto " << flowLabel(flow) << "_ends;\n";
}

/// Where a flow goes when it has ended, and when it has failed: to where it was called.
void PromelaWriter::writeEnds(unsigned flow) {
  FlowOp op = graph.flows()[flow];
  auto leave = [&](StringRef label, llvm::function_ref<std::string(const Site &)> target) {
    os << "\n" << flowLabel(flow) << label << ":\n";
    if (inPaths.contains(op.getSymName()))
      line() << "in_" << flowLabel(flow) << " = false;\n";
    line() << "top--;\n";
    line() << "if\n";
    for (const Site &site : sitesOf[flow])
      line() << ":: back[top] == " << site.number << " -> back[top] = 0; goto " << target(site) << "\n";
    line() << "fi;\n";
  };
  leave("_ends", [](const Site &site) { return llvm::formatv("back_{0}", site.number).str(); });
  leave("_fails", [](const Site &site) { return site.fails; });
}

void PromelaWriter::writeBlock(Block &block) {
  // Nodes in a row can fail in one place where it makes no difference which of them does.
  SmallVector<StringRef> nodes;
  auto writeNodes = [&] {
    if (!nodes.empty())
      writeNode(nodes.back(), llvm::join(nodes, ", "));
    nodes.clear();
  };
  for (Operation &op : block) {
    auto call = dyn_cast<CallOp>(op);
    if (call && !graph.find(call.getCallee()) && !handlersOf.contains(call.getCallee())) {
      nodes.push_back(call.getCallee());
      continue;
    }
    writeNodes();
    if (call)
      writeCall(call.getCallee());
    else if (auto region = dyn_cast<ConstrainedOp>(op))
      writeConstrained(region);
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      writeDispatch(dispatch);
  }
  writeNodes();
}

void PromelaWriter::writeCall(StringRef callee) {
  std::optional<unsigned> flow = graph.find(callee);
  if (!flow)
    return writeNode(callee, callee);
  unsigned site = numSites++;
  std::string failsHere = fails;
  if (!handlersOf.lookup(callee).empty())
    failsHere = llvm::formatv("failed_{0}", site);
  line() << "back[top] = " << site << "; top++; goto " << flowLabel(*flow) << ";\n";
  if (failsHere != fails) {
    os << failsHere << ":\n";
    writeFailure(callee, fails);
  }
  os << "back_" << site << ":\n";
  sitesOf[*flow].push_back({site, failsHere});
}

void PromelaWriter::writeNode(StringRef node, StringRef title) {
  line() << "if // " << plain(title) << "\n";
  line() << ":: true\n";
  line() << ":: true ->\n";
  ++depth;
  line() << "release_all();\n";
  writeFailure(node, fails);
  --depth;
  line() << "fi;\n";
}

/// Leads to the first handler of `function` that applies, or to `otherwise`.
void PromelaWriter::writeFailure(StringRef function, StringRef otherwise) {
  for (unsigned index : handlersOf.lookup(function)) {
    SmallVector<std::string> running;
    for (Attribute element : handlers[index].getPath().getValue().drop_back())
      if (std::optional<unsigned> flow = graph.find(cast<FlatSymbolRefAttr>(element).getValue()))
        running.push_back("in_" + flowLabel(*flow));
    if (running.empty()) {
      line() << "goto handler_" << index << ";\n";
      return;
    }
    line() << "if :: " << llvm::join(running, " && ") << " -> goto handler_" << index << " :: else fi;\n";
  }
  line() << "goto " << otherwise << ";\n";
}

void PromelaWriter::writeConstrained(ConstrainedOp region) {
  writeAcquire(region.getHolds(), region->getParentOfType<FlowOp>().getSymName());
  writeBlock(region.getBody().front());
  writeRelease(region.getHolds());
}

void PromelaWriter::writeDispatch(DispatchOp dispatch) {
  unsigned number = numDispatches++;
  SmallVector<Block *> cases;
  bool hasCatchAll = false;
  line() << "if\n";
  for (auto [pattern, body] : llvm::zip(dispatch.getPatterns().getAsRange<ArrayAttr>(), dispatch.getCases())) {
    line() << ":: true -> goto case_" << number << "_" << cases.size() << "\n";
    cases.push_back(&body.front());
    hasCatchAll |= llvm::all_of(pattern, llvm::IsaPred<UnitAttr>);
    if (hasCatchAll)
      break;
  }
  if (!hasCatchAll)
    line() << ":: true -> release_all(); goto " << fails << "\n";
  line() << "fi;\n";
  for (auto [index, body] : llvm::enumerate(cases)) {
    os << "case_" << number << "_" << index << ":\n";
    writeBlock(*body);
    line() << "goto after_" << number << ";\n";
  }
  os << "after_" << number << ":\n";
}

void PromelaWriter::writeHandler(unsigned index) {
  HandlerOp handler = handlers[index];
  os << "\nhandler_" << index << ": // " << plain(handler.getFunction()) << "\n";
  if (!handler.getHolds().empty()) {
    writeAcquire(handler.getHolds(), handler.getFunction());
    writeRelease(handler.getHolds());
  }
  line() << "goto over;\n";
}

void PromelaWriter::writeInit() {
  os << "\ninit {\n";
  line() << "atomic {\n";
  for (unsigned start = 0; start != starts.size(); ++start)
    for (unsigned i = 0; i != flowsOf(start); ++i)
      os << "    run Flow(" << start << ");\n";
  os << "    skip\n  }\n}\n";
}
