//===- Dot.cpp - A picture of a program for Graphviz --------------------------------------------------------------===//
//
// Every flow is a cluster with an entry point. A walk over the flow's body keeps the set of places that control may
// come from, each with the label that the next edge from it carries, and draws an edge from each of them to every call.
// A call to a flow is a box that points, dashed, to that flow's cluster; a constraint around more than one call is a
// box around them.
//
// Handlers serve nodes all over a program, so each flow has its own drawing of those that its calls need: edges stay
// short, and none but the dashed ones leaves a cluster.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Target/Dot.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace flux;

namespace {

class DotWriter {
public:
  DotWriter(ModuleOp program, llvm::raw_ostream &os) : program(program), symbols(program), os(os) {}

  void write();

private:
  /// A place that control comes from and what decided that it goes on.
  struct Exit {
    std::string place;
    std::string label;
  };
  using Exits = SmallVector<Exit>;

  void writeFlow(FlowOp flow);
  Exits writeBlock(Block &block, Exits exits);
  Exits writeCall(CallOp call, const Exits &exits, ArrayAttr holds);
  Exits writeConstrained(ConstrainedOp op, const Exits &exits);
  Exits writeDispatch(DispatchOp op, const Exits &exits);
  void writeEdges(const Exits &exits, StringRef to);
  void writeEdge(StringRef from, StringRef to, const Twine &style);
  void flushEdges();
  void writeFailures(StringRef place, StringRef function);
  void writeSource(SourceOp source);
  std::string describe(ArrayAttr holds) const;
  bool isFlow(StringRef name) const { return symbols.lookup<FlowOp>(name) != nullptr; }

  ModuleOp program;
  SymbolTable symbols;
  llvm::raw_ostream &os;
  /// The handlers of each function, and the functions that no flow has to call: those of sources, and their targets.
  llvm::StringMap<SmallVector<HandlerOp>> handlersOf;
  llvm::StringSet<> entered;
  /// What is drawn once its ends are in their boxes, since an edge pulls them into the box that it is in: the edges of
  /// the current flow, and all calls of flows with the flows that they call.
  std::vector<std::string> edges;
  SmallVector<std::pair<std::string, StringRef>> flowCalls;
  StringRef flowName;
  llvm::StringSet<> drawn; ///< handlers of the current flow; behind all flows, nodes that sources start, too
  unsigned numPlaces = 0;
};

/// Text as an identifier or a label, in which nothing but `\n` is special.
std::string quoted(const Twine &text) {
  std::string result = "\"";
  for (char c : text.str()) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c == '\n' ? StringRef("\\n") : StringRef(&c, 1);
  }
  return result + '"';
}

std::string entryOf(StringRef flow) { return ("flow " + flow).str(); }

std::string describePattern(ArrayAttr pattern) {
  SmallVector<StringRef> parts;
  for (Attribute element : pattern) {
    auto name = dyn_cast<FlatSymbolRefAttr>(element);
    parts.push_back(name ? name.getValue() : "_");
  }
  return "[" + llvm::join(parts, ", ") + "]";
}

} // namespace

LogicalResult flux::writeDot(ModuleOp program, llvm::raw_ostream &output) {
  DotWriter(program, output).write();
  return success();
}

std::string DotWriter::describe(ArrayAttr holds) const {
  SmallVector<std::string> parts;
  for (HoldAttr hold : holds.getAsRange<HoldAttr>()) {
    bool isSession = symbols.lookup<LockOp>(hold.getLock().getValue()).getScope() == LockScope::Session;
    parts.push_back(
        (hold.getLock().getValue() + (hold.getMode() == LockMode::Read ? "?" : "!") + (isSession ? "(session)" : ""))
            .str());
  }
  return "{" + llvm::join(parts, ", ") + "}";
}

void DotWriter::write() {
  for (HandlerOp handler : program.getOps<HandlerOp>())
    handlersOf[cast<FlatSymbolRefAttr>(handler.getPath().getValue().back()).getValue()].push_back(handler);
  for (SourceOp source : program.getOps<SourceOp>())
    for (StringRef function : {source.getFunction(), source.getTarget()})
      entered.insert(function);
  os << "digraph " << quoted(program.getSymName().value_or("program")) << " {\n"
     << "  compound=true; rankdir=LR; nodesep=0.2; ranksep=0.35;\n"
     << "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\", fontsize=11];\n"
     << "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n";
  for (FlowOp flow : program.getOps<FlowOp>())
    writeFlow(flow);
  flowName = "";
  for (SourceOp source : program.getOps<SourceOp>())
    writeSource(source);
  for (const auto &[place, callee] : flowCalls)
    os << "  " << quoted(place) << " -> " << quoted(entryOf(callee))
       << " [style=dashed, color=gray60, weight=0, lhead=" << quoted("cluster " + callee) << "];\n";
  os << "}\n";
}

void DotWriter::writeFlow(FlowOp flow) {
  flowName = flow.getSymName();
  drawn.clear();
  os << "  subgraph " << quoted("cluster " + flowName) << " {\n"
     << "    label=" << quoted(withoutWrapper(flowName))
     << "; labeljust=l; style=\"rounded,filled\"; fillcolor=\"#f2f5f9\"; "
     << "fontname=\"Helvetica-Bold\"; fontsize=12;\n"
     << "    " << quoted(entryOf(flowName)) << " [shape=point, width=0.1];\n";
  if (entered.contains(flowName))
    writeFailures(entryOf(flowName), flowName);
  Exits exits = writeBlock(flow.getBody().front(), {{entryOf(flowName), ""}});
  // A last case that runs nothing has no place of its own to point to.
  if (llvm::any_of(exits, [](const Exit &exit) { return !exit.label.empty(); })) {
    std::string end = ("end " + flowName).str();
    os << "    " << quoted(end) << " [shape=doublecircle, label=\"\", width=0.1];\n";
    writeEdges(exits, end);
  }
  flushEdges();
  os << "  }\n";
}

DotWriter::Exits DotWriter::writeBlock(Block &block, Exits exits) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op))
      exits = writeCall(call, exits, {});
    else if (auto constrained = dyn_cast<ConstrainedOp>(op))
      exits = writeConstrained(constrained, exits);
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      exits = writeDispatch(dispatch, exits);
  }
  return exits;
}

void DotWriter::writeEdges(const Exits &exits, StringRef to) {
  for (const Exit &exit : exits)
    writeEdge(exit.place, to, exit.label.empty() ? "" : "label=" + quoted(exit.label));
}

void DotWriter::writeEdge(StringRef from, StringRef to, const Twine &style) {
  std::string attributes = style.str();
  edges.push_back(quoted(from) + " -> " + quoted(to) + (attributes.empty() ? "" : " [" + attributes + "]") + ";\n");
}

void DotWriter::flushEdges() {
  for (const std::string &edge : edges)
    os << "    " << edge;
  edges.clear();
}

/// Draws a call, and `holds` in it if a constraint is around it alone.
DotWriter::Exits DotWriter::writeCall(CallOp call, const Exits &exits, ArrayAttr holds) {
  StringRef callee = call.getCallee();
  std::string place = (flowName + " " + callee + " " + Twine(numPlaces++)).str();
  os << "    " << quoted(place) << " [label=" << quoted(callee + (holds ? "\n" + describe(holds) : ""));
  if (isFlow(callee))
    os << ", shape=cds, fillcolor=\"#dfe8f3\"";
  else if (holds)
    os << ", fillcolor=\"#fdf0d5\"";
  os << "];\n";
  writeEdges(exits, place);
  writeFailures(place, callee);
  if (isFlow(callee))
    flowCalls.push_back({place, callee});
  return {{place, ""}};
}

/// Draws edges to the handlers that an error of `function` at `place` may go to.
void DotWriter::writeFailures(StringRef place, StringRef function) {
  for (HandlerOp handler : handlersOf.lookup(function)) {
    std::string target = ("handler " + handler.getFunction() + " " + flowName).str();
    if (drawn.insert(target).second)
      os << "    " << quoted(target) << " [label="
         << quoted(handler.getFunction() + (handler.getHolds().empty() ? "" : "\n" + describe(handler.getHolds())))
         << ", shape=octagon, fillcolor=\"#f9dcdc\", margin=\"0.05,0.02\"];\n";
    auto path = llvm::map_to_vector(handler.getPath().getAsRange<FlatSymbolRefAttr>(),
                                    [](FlatSymbolRefAttr name) { return name.getValue(); });
    std::string scope = llvm::join(ArrayRef(path).drop_back(), ", ");
    writeEdge(place, target,
              "style=dotted, color=\"#b03030\", weight=0" + (scope.empty() ? "" : ", label=" + quoted("in " + scope)));
  }
}

DotWriter::Exits DotWriter::writeConstrained(ConstrainedOp op, const Exits &exits) {
  Block &body = op.getBody().front();
  auto call = dyn_cast<CallOp>(body.front());
  if (call && call->getNextNode() == body.getTerminator())
    return writeCall(call, exits, op.getHolds());
  os << "    subgraph " << quoted("cluster " + flowName + " " + Twine(numPlaces++)) << " {\n"
     << "    label=" << quoted(describe(op.getHolds())) << "; style=\"rounded,filled\"; fillcolor=\"#fbf6e9\"; "
     << "color=\"#d9b66c\"; fontname=\"Helvetica\"; fontsize=10;\n";
  Exits result = writeBlock(body, exits);
  os << "    }\n";
  return result;
}

DotWriter::Exits DotWriter::writeDispatch(DispatchOp op, const Exits &exits) {
  std::string place = (flowName + " dispatch " + Twine(numPlaces++)).str();
  os << "    " << quoted(place) << " [shape=diamond, label=\"\", width=0.25, height=0.25];\n";
  writeEdges(exits, place);
  Exits result;
  for (auto [pattern, region] : llvm::zip(op.getPatterns().getAsRange<ArrayAttr>(), op.getCases()))
    llvm::append_range(result, writeBlock(region.front(), {{place, describePattern(pattern)}}));
  return result;
}

void DotWriter::writeSource(SourceOp source) {
  std::string place = ("source " + source.getFunction()).str();
  os << "  " << quoted(place) << " [label=" << quoted(withoutWrapper(source.getFunction()))
     << ", shape=invhouse, fillcolor=\"#d9ead3\"];\n";
  if (isFlow(source.getFunction()))
    flowCalls.push_back({place, source.getFunction()});
  else
    writeFailures(place, source.getFunction());
  StringRef target = source.getTarget();
  std::string entry = isFlow(target) ? entryOf(target) : ("node " + target).str();
  if (!isFlow(target) && drawn.insert(entry).second) {
    os << "  " << quoted(entry) << " [label=" << quoted(target) << "];\n";
    writeFailures(entry, target);
  }
  std::optional<StringRef> session = source.getSession();
  writeEdge(place, entry, session ? "penwidth=2, label=" + quoted("session " + *session) : "penwidth=2");
  flushEdges();
}
