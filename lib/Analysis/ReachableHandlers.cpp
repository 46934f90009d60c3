//===- ReachableHandlers.cpp - Which handlers an error can reach --------------------------------------------------===//

#include "flux/Analysis/ReachableHandlers.h"

using namespace mlir;
using namespace flux;

ReachableHandlers::ReachableHandlers(ModuleOp program, const FlowGraph &graph)
    : graph(graph), scopes(program), flowCanFail(graph.flows().size()) {
  const llvm::BitVector none(scopes.numWays()), all(scopes.numWays(), true);
  const Running nothing = {none, none};
  runningIn.assign(graph.flows().size(), {none, all});
  for (unsigned flow : graph.entryPoints())
    enterFlow(flow, nothing);
  SmallVector<unsigned> callersFirst = graph.topologicalOrder();
  for (unsigned flow : callersFirst)
    for (const FlowGraph::Edge &edge : graph.calls(flow))
      enterFlow(edge.callee, runningIn[flow]);
  for (unsigned flow : llvm::reverse(callersFirst))
    flowCanFail[flow] = canFail(FlowOp(graph.flows()[flow]).getBody().front(), runningIn[flow]);

  // Errors of what has been entered from outside.
  for (unsigned flow : graph.entryPoints())
    callCanFail(FlowOp(graph.flows()[flow]).getSymName(), nothing);
  for (SourceOp source : program.getOps<SourceOp>())
    for (StringRef name : {source.getFunction(), source.getTarget()})
      callCanFail(name, nothing);
}

/// Adds to what may be running in `flow`, and takes from what must be.
void ReachableHandlers::enterFlow(unsigned flow, const Running &outside) {
  Running inside = outside;
  for (HandlerScopes::Way way : scopes.waysTo(FlowOp(graph.flows()[flow]).getSymName())) {
    if (!way.outer || outside.may[*way.outer])
      inside.may.set(way.number);
    if (!way.outer || outside.must[*way.outer])
      inside.must.set(way.number);
  }
  runningIn[flow].may |= inside.may;
  runningIn[flow].must &= inside.must;
}

/// Whether an error can leave a block. Looks at all of it, since each call may reach other handlers.
bool ReachableHandlers::canFail(Block &block, const Running &running) {
  bool result = false;
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      result |= callCanFail(call.getCallee(), running);
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      result |= canFail(region.getBody().front(), running);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      result |= !dispatch.hasCatchAll();
      for (Region &body : dispatch.getCases())
        result |= canFail(body.front(), running);
    }
  }
  return result;
}

/// Whether an error of `callee` can pass by all of its handlers; notes those that it may reach.
bool ReachableHandlers::callCanFail(StringRef callee, const Running &running) {
  if (std::optional<unsigned> flow = graph.find(callee); flow && !flowCanFail[*flow])
    return false;
  for (HandlerOp handler : scopes.handlersOf(callee)) {
    std::optional<unsigned> way = scopes.wayOf(handler);
    if (!way || running.may[*way])
      reached.insert(handler);
    if (!way || running.must[*way])
      return false;
  }
  return true;
}
