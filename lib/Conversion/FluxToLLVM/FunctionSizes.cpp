//===- FunctionSizes.cpp - How much of a program becomes one function ---------------------------------------------===//

#include "FunctionSizes.h"
#include "flux/Analysis/FlowGraph.h"

using namespace mlir;
using namespace flux;

/// The most steps of a flow with the flows that are put into it.
///
/// LLVM would put every flow into its only caller, whatever its size, and optimise what comes of it once more for each
/// flow around it: n nested flows would cost the square of n. What is always inlined is put together first and
/// optimised once, which for nested flows takes less time than calling each of them.
static constexpr unsigned maxInlined = 64;

FunctionSizes::FunctionSizes(ModuleOp program) {
  for (FlowOp flow : program.getOps<FlowOp>())
    measure(flow.getBody().front());
  decideInlining(program);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Flows that are cut
//===-------------------------------------------------------------------------------------------------------------===//

/// Notes the steps of a block, and first of those inside.
void FunctionSizes::measure(Block &block) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      measure(region.front());
  SmallVector<Row> rows = rowsOf(block);
  unsigned total = 0;
  if (rows.size() == 1)
    for (Operation &op : rows.front())
      total += stepsOf(op);
  steps[&block] = std::max<size_t>(rows.size(), total);
}

unsigned FunctionSizes::stepsOf(Operation &op) const {
  if (auto region = dyn_cast<ConstrainedOp>(op))
    return region.getHolds().size() + stepsOf(region.getBody().front());
  auto dispatch = dyn_cast<DispatchOp>(op);
  if (!dispatch)
    return 1;
  unsigned total = 0;
  for (auto [pattern, body] : llvm::zip(dispatch.getPatterns().getAsRange<ArrayAttr>(), dispatch.getCases()))
    total += stepsOf(pattern, body.front());
  return std::min(total, maxSteps); // The other cases are a part.
}

unsigned FunctionSizes::stepsOf(ArrayAttr pattern, Block &body) const {
  return llvm::count_if(pattern, llvm::IsaPred<FlatSymbolRefAttr>) + 1 + stepsOf(body);
}

SmallVector<FunctionSizes::Row> FunctionSizes::rowsOf(Block &block) const {
  SmallVector<Row> rows;
  Block::iterator begin = block.begin(), end = std::prev(block.end());
  unsigned total = 0;
  for (Block::iterator next = begin; next != end; ++next) {
    unsigned more = stepsOf(*next);
    if (next != begin && total + more > maxSteps) {
      rows.push_back({begin, next});
      begin = next;
      total = 0;
    }
    total += more;
  }
  rows.push_back({begin, end});
  return rows;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Flows that become part of others
//===-------------------------------------------------------------------------------------------------------------===//

/// Callees first: what a flow becomes with all that may be put into it.
void FunctionSizes::decideInlining(ModuleOp program) {
  FlowGraph graph(program);
  SmallVector<unsigned> uses(graph.flows().size()), sizes(graph.flows().size());
  for (unsigned flow : graph.entryPoints())
    ++uses[flow];
  for (unsigned flow = 0; flow != uses.size(); ++flow)
    for (const FlowGraph::Edge &edge : graph.calls(flow))
      ++uses[edge.callee];
  SmallVector<unsigned> callersFirst = graph.topologicalOrder();
  for (unsigned flow : llvm::reverse(callersFirst)) {
    sizes[flow] = stepsOf(FlowOp(graph.flows()[flow]).getBody().front());
    for (const FlowGraph::Edge &edge : graph.calls(flow)) {
      if (uses[edge.callee] != 1)
        continue;
      bool fits = sizes[flow] + sizes[edge.callee] <= maxInlined;
      if (fits)
        sizes[flow] += sizes[edge.callee];
      inlining[FlowOp(graph.flows()[edge.callee]).getSymNameAttr()] = fits ? Inlining::Always : Inlining::Never;
    }
  }
}
