//===- Digraph.h - A small directed graph that LLVM's graph algorithms accept --------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_DIGRAPH_H
#define FLUX_LIB_ANALYSIS_DIGRAPH_H

#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace flux {

/// Vertices 0 to n-1 and a root from which all of them are reached.
struct Digraph {
  struct Vertex {
    unsigned index;
    llvm::SmallVector<const Vertex *, 4> next;
  };

  explicit Digraph(size_t size) : vertices(size + 1) {
    for (size_t index = 0; index != vertices.size(); ++index)
      vertices[index].index = index;
    for (size_t index = size; index-- != 0;)
      vertices[size].next.push_back(&vertices[index]);
  }
  Digraph(const Digraph &) = delete;

  size_t size() const { return vertices.size() - 1; }
  void addEdge(unsigned from, unsigned to) { vertices[from].next.push_back(&vertices[to]); }

  std::vector<Vertex> vertices;
};

} // namespace flux

template <> struct llvm::GraphTraits<const flux::Digraph *> {
  using NodeRef = const flux::Digraph::Vertex *;
  using ChildIteratorType = llvm::SmallVector<NodeRef, 4>::const_iterator;
  static NodeRef getEntryNode(const flux::Digraph *graph) { return &graph->vertices.back(); }
  static ChildIteratorType child_begin(NodeRef vertex) { return vertex->next.begin(); }
  static ChildIteratorType child_end(NodeRef vertex) { return vertex->next.end(); }
};

namespace flux {

/// The strongly connected components, those that others lead to first.
inline std::vector<llvm::SmallVector<unsigned>> stronglyConnectedComponents(const Digraph &graph) {
  std::vector<llvm::SmallVector<unsigned>> result;
  for (auto scc = llvm::scc_begin(&graph); !scc.isAtEnd(); ++scc) {
    if (scc->front()->index == graph.size())
      continue; // the root
    auto &component = result.emplace_back();
    for (const Digraph::Vertex *vertex : *scc)
      component.push_back(vertex->index);
  }
  return result;
}

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_DIGRAPH_H
