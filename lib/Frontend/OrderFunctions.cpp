//===- OrderFunctions.cpp - The rules of the language: no flow reaches itself ----------------------------------===//

#include "Sema.h"

using namespace flux;
using namespace flux::frontend;

namespace {

/// A depth-first search with its own stack, since flows may be nested as deeply as a program is long.
class Search {
public:
  Search(ResolvedProgram &resolved, Diagnostics &diagnostics) : resolved(resolved), diagnostics(diagnostics) {}

  void visit(Function &root);
  bool foundCycle = false;

private:
  enum State { New, Open, Done };
  /// A function on the way from the root, and the next of its links to follow.
  struct Frame {
    Function *function;
    size_t nextCase = 0;
    size_t nextLink = 0;

    bool hasLink();
    const ast::Name &linkName() const { return function->cases[nextCase].syntax->chain[nextLink]; }
  };

  void reportCycle(const Function *start);

  ResolvedProgram &resolved;
  Diagnostics &diagnostics;
  llvm::DenseMap<const Function *, State> states;
  std::vector<Frame> path;
};

} // namespace

/// Moves over the ends of cases; whether a link is left.
bool Search::Frame::hasLink() {
  while (nextCase < function->cases.size() && nextLink == function->cases[nextCase].links.size()) {
    ++nextCase;
    nextLink = 0;
  }
  return nextCase < function->cases.size();
}

void Search::visit(Function &root) {
  if (states[&root] == Done)
    return;
  states[&root] = Open;
  path.push_back({&root});
  while (!path.empty()) {
    Frame &top = path.back();
    if (!top.hasLink()) {
      states[top.function] = Done;
      resolved.calleesFirst.push_back(top.function);
      path.pop_back();
      if (!path.empty())
        ++path.back().nextLink;
      continue;
    }
    Function *callee = top.function->cases[top.nextCase].links[top.nextLink];
    State state = callee ? states[callee] : Done;
    if (state == New) {
      states[callee] = Open;
      path.push_back({callee});
      continue;
    }
    if (state == Open)
      reportCycle(callee);
    ++top.nextLink;
  }
}

/// Reports the cycle that leads from `start`, which is open, back to it: every link in turn.
void Search::reportCycle(const Function *start) {
  foundCycle = true;
  auto first = llvm::find_if(path, [&](const Frame &frame) { return frame.function == start; });
  auto report = diagnostics.error(start->name.loc, "flow '" + start->name.text + "' reaches itself");
  for (const Frame &frame : llvm::make_range(first, path.end()))
    report.note(frame.linkName().loc, "'" + frame.function->name.text + "' runs '" + frame.linkName().text + "' here");
}

bool flux::frontend::orderFunctions(ResolvedProgram &resolved, Diagnostics &diagnostics) {
  Search search(resolved, diagnostics);
  for (Function &function : resolved.functions)
    search.visit(function);
  return !search.foundCycle;
}
