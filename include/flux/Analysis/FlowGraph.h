//===- FlowGraph.h - Which flows call which ------------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_FLOWGRAPH_H
#define FLUX_ANALYSIS_FLOWGRAPH_H

#include "flux/Dialect/Flux/IR/Flux.h"

namespace flux {

/// The call graph of a program's flows, made by one walk over the module. It stays valid while no flow or call is added
/// or removed.
class FlowGraph {
public:
  explicit FlowGraph(mlir::ModuleOp program);

  /// The flows in textual order; their positions are the indices used below.
  llvm::ArrayRef<FlowOp> flows() const { return order; }
  /// The index of a flow.
  unsigned indexOf(FlowOp flow) const { return indices.at(flow); }
  /// The flow of this name, if it is one.
  std::optional<unsigned> find(llvm::StringRef name) const;
  /// The flow that a call runs; nothing if it runs a node.
  std::optional<unsigned> calleeOf(CallOp call) const { return find(call.getCalleeAttr().getAttr()); }

  /// A call from one flow to another.
  struct Edge {
    CallOp call;
    unsigned callee;
  };
  /// The calls to flows in `flow`'s body, in textual order.
  llvm::ArrayRef<Edge> calls(unsigned flow) const { return edges[flow]; }

  /// The flows that are entered from outside: those that a source names and those that no flow calls.
  llvm::SmallVector<unsigned> entryPoints() const;

  /// A cycle of calls, in order, or nothing if no flow reaches itself. Of several cycles, the one that the first flow
  /// in textual order leads to.
  llvm::SmallVector<CallOp> findCycle() const;

  /// The indices of all flows, callers before callees, ties in textual order. Only for graphs without a cycle.
  llvm::SmallVector<unsigned> topologicalOrder() const;

private:
  std::optional<unsigned> find(mlir::StringAttr name) const;

  mlir::ModuleOp program;
  llvm::SmallVector<FlowOp> order;
  llvm::DenseMap<mlir::Operation *, unsigned> indices;
  llvm::DenseMap<mlir::StringAttr, unsigned> names;
  std::vector<llvm::SmallVector<Edge, 2>> edges;
};

/// Reports a cycle of `graph`, link by link, if there is one.
mlir::LogicalResult verifyAcyclic(const FlowGraph &graph);

} // namespace flux

#endif // FLUX_ANALYSIS_FLOWGRAPH_H
