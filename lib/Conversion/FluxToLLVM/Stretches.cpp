//===- Stretches.cpp - Which calls are counted together -----------------------------------------------------------===//
//
// The flow's own call opens the stretch of its body, so that the caller of a flow has nothing to count. Calls of flows
// stand in no row for that reason; places behind them do.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Stretches.h"
#include "flux/rt/program.h"

using namespace mlir;
using namespace flux;

Stretches::Stretches(const Functions &functions) : functions(functions) {
  for (auto [name, op] : functions)
    if (auto flow = dyn_cast<FlowOp>(op))
      addStretch(flow.getBody().front(), std::nullopt);
}

void Stretches::addStretch(Block &body, std::optional<int32_t> outside) {
  size_t begin = row.size();
  SmallVector<DispatchOp> dispatches;
  addCalls(body, dispatches);
  if (row.size() != begin) {
    counters[&body] = first.size();
    first.push_back(int32_t(begin));
  }
  row.push_back(outside ? ~*outside : FLUX_IR_LAST_CALL);
  for (DispatchOp dispatch : dispatches)
    for (Region &body : dispatch.getCases())
      addStretch(body.front(), behind(dispatch));
}

/// Appends the calls of a block, regions of constraints included, and notes the place behind each operation.
void Stretches::addCalls(Block &block, SmallVectorImpl<DispatchOp> &dispatches) {
  for (Operation &op : block) {
    if (auto constrained = dyn_cast<ConstrainedOp>(op)) {
      addCalls(constrained.getBody().front(), dispatches);
    } else if (auto call = dyn_cast<CallOp>(op)) {
      row.push_back(functions.find(call.getCallee()) - functions.begin());
      places[call] = int32_t(row.size());
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      dispatches.push_back(dispatch);
      places[dispatch] = int32_t(row.size());
    }
  }
}

std::optional<uint32_t> Stretches::counterOf(Block &body) const {
  auto found = counters.find(&body);
  return found == counters.end() ? std::nullopt : std::optional(found->second);
}

/// Follows the ends of stretches: places from which the same calls follow become one.
std::optional<int32_t> Stretches::behind(Operation *op) const {
  int32_t place = places.lookup(op);
  while (row[place] < 0) {
    if (row[place] == FLUX_IR_LAST_CALL)
      return std::nullopt;
    place = ~row[place];
  }
  return place;
}
