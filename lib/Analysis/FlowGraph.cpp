//===- FlowGraph.cpp - Which flows call which ---------------------------------------------------------------------===//

#include "flux/Analysis/FlowGraph.h"

using namespace mlir;
using namespace flux;

FlowGraph::FlowGraph(ModuleOp program) : program(program), order(program.getOps<FlowOp>()), edges(order.size()) {
  for (auto [index, flow] : llvm::enumerate(order)) {
    indices[flow] = index;
    names[flow.getSymNameAttr()] = index;
  }
  for (auto [index, flow] : llvm::enumerate(order))
    flow.walk([&, index = index](CallOp call) {
      if (std::optional<unsigned> callee = calleeOf(call))
        edges[index].push_back({call, *callee});
    });
}

std::optional<unsigned> FlowGraph::find(StringRef name) const {
  return find(StringAttr::get(ModuleOp(program).getContext(), name));
}

std::optional<unsigned> FlowGraph::find(StringAttr name) const {
  auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional<unsigned>(found->second);
}

SmallVector<unsigned> FlowGraph::entryPoints() const {
  std::vector<bool> isEntry(order.size(), true);
  for (const auto &calls : edges)
    for (const Edge &edge : calls)
      isEntry[edge.callee] = false;
  for (SourceOp source : ModuleOp(program).getOps<SourceOp>())
    for (StringRef name : {source.getFunction(), source.getTarget()})
      if (std::optional<unsigned> flow = find(name))
        isEntry[*flow] = true;
  return llvm::to_vector(
      llvm::make_filter_range(llvm::seq<unsigned>(0, order.size()), [&](unsigned flow) { return isEntry[flow]; }));
}

/// Depth-first search with an explicit stack, as flows may be nested to any depth.
SmallVector<CallOp> FlowGraph::findCycle() const {
  enum class State : char { New, Open, Done };
  struct Frame {
    unsigned flow;
    size_t next;
  };
  std::vector<State> states(order.size(), State::New);
  for (unsigned root = 0; root != order.size(); ++root) {
    if (states[root] != State::New)
      continue;
    SmallVector<Frame> stack = {{root, 0}};
    states[root] = State::Open;
    while (!stack.empty()) {
      Frame &top = stack.back();
      if (top.next == edges[top.flow].size()) {
        states[top.flow] = State::Done;
        stack.pop_back();
        continue;
      }
      unsigned callee = edges[top.flow][top.next++].callee;
      if (states[callee] == State::New) {
        states[callee] = State::Open;
        stack.push_back({callee, 0});
      } else if (states[callee] == State::Open) {
        // The stack from `callee` upwards is the cycle; each frame's latest call leads to the next.
        auto *first = llvm::find_if(stack, [&](const Frame &frame) { return frame.flow == callee; });
        return llvm::map_to_vector(llvm::make_range(first, stack.end()),
                                   [&](const Frame &frame) { return edges[frame.flow][frame.next - 1].call; });
      }
    }
  }
  return {};
}

SmallVector<unsigned> FlowGraph::topologicalOrder() const {
  std::vector<unsigned> callers(order.size(), 0);
  for (const auto &calls : edges)
    for (const Edge &edge : calls)
      ++callers[edge.callee];
  SmallVector<unsigned> result;
  for (unsigned flow = 0; flow != order.size(); ++flow)
    if (callers[flow] == 0)
      result.push_back(flow);
  for (size_t next = 0; next != result.size(); ++next)
    for (const Edge &edge : edges[result[next]])
      if (--callers[edge.callee] == 0)
        result.push_back(edge.callee);
  return result;
}

LogicalResult flux::verifyAcyclic(const FlowGraph &graph) {
  SmallVector<CallOp> cycle = graph.findCycle();
  if (cycle.empty())
    return success();
  FlowOp first = cycle.front()->getParentOfType<FlowOp>();
  InFlightDiagnostic diag = mlir::emitError(first.getLoc()) << "flow '" << first.getSymName() << "' reaches itself";
  for (CallOp call : cycle)
    diag.attachNote(call.getLoc()) << "'" << call->getParentOfType<FlowOp>().getSymName() << "' runs '"
                                   << call.getCallee() << "'";
  return diag;
}
