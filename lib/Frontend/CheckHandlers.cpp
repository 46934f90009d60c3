//===- CheckHandlers.cpp - The rules of the language: handlers and sessions' functions ---------------------------===//
//
// A handler is `void H(P_in *, int)` and a session's function `int64_t f(Target_in *)`: a C function of one prototype,
// so all that it serves must take the same inputs.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Sema.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/DenseSet.h"
#include <map>

using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::StringRef;

namespace {

class HandlerChecker {
public:
  HandlerChecker(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics)
      : resolved(resolved), types(types), diagnostics(diagnostics) {}

  void run();

private:
  void checkPath(const Handler &handler);
  void checkOnce(const Handler &handler);
  void checkOwnSignature(const Handler &handler);
  void checkPrototype(const ast::Name &use, const Function *served, StringRef what);
  bool agree(const Function &left, const Function &right);
  void findDetached();

  const ResolvedProgram &resolved;
  const TypeTable &types;
  Diagnostics &diagnostics;
  llvm::DenseSet<std::pair<const Function *, const Function *>> detached;    ///< outer and inner function
  llvm::DenseMap<StringRef, std::pair<const Function *, SMLoc>> servedFirst; ///< by C function
  std::map<std::vector<Function *>, SMLoc> handledPaths;
};

} // namespace

/// Whether both take the same inputs, as far as that is known.
bool HandlerChecker::agree(const Function &left, const Function &right) {
  if (!left.inputs || !right.inputs)
    return true;
  return left.inputs->size() == right.inputs->size() &&
         llvm::all_of(llvm::zip(*left.inputs, *right.inputs),
                      [&](auto pair) { return types.agree(std::get<0>(pair), std::get<1>(pair)); });
}

/// Finds the pairs of neighbours in paths of which the outer function does not run the inner one, itself or through
/// flows that it runs. Walks over the program once for 64 inner functions.
void HandlerChecker::findDetached() {
  llvm::MapVector<const Function *, llvm::SmallVector<const Function *>> outersOf;
  for (const Handler &handler : resolved.handlers)
    for (size_t i = 1; i < handler.path.size(); ++i)
      if (handler.path[i - 1] && handler.path[i])
        outersOf[handler.path[i]].push_back(handler.path[i - 1]);
  auto rest = outersOf.getArrayRef();
  while (!rest.empty()) {
    auto some = rest.take_front(64);
    rest = rest.drop_front(some.size());
    llvm::DenseMap<const Function *, uint64_t> bits, runs;
    for (auto [index, entry] : llvm::enumerate(some))
      bits[entry.first] = uint64_t(1) << index;
    for (const Function *function : resolved.calleesFirst)
      for (const Case &definition : function->cases)
        for (const Function *callee : definition.links)
          if (uint64_t reached = bits.lookup(callee) | runs.lookup(callee))
            runs[function] |= reached;
    for (const auto &[inner, outers] : some)
      for (const Function *outer : outers)
        if (!(runs.lookup(outer) & bits.lookup(inner)))
          detached.insert({outer, inner});
  }
}

/// Checks that each function of the path runs within the one before it.
void HandlerChecker::checkPath(const Handler &handler) {
  for (size_t i = 1; i < handler.path.size(); ++i) {
    const Function *outer = handler.path[i - 1], *inner = handler.path[i];
    const ast::Name &name = handler.syntax->path[i];
    if (detached.contains({outer, inner}))
      diagnostics.error(name.loc, sayNeverWithin(name.text, outer->name.text))
          .note(outer->name.loc, "'" + outer->name.text + "' is declared here");
  }
}

void HandlerChecker::checkOnce(const Handler &handler) {
  SMLoc loc = handler.syntax->path.back().loc;
  auto [entry, isNew] = handledPaths.try_emplace(handler.path, loc);
  if (!isNew && handler.path.back())
    diagnostics.error(loc, sayHandledTwice(handler.path.back()->name.text)).note(entry->second, "the first is here");
}

/// Checks a handler that has a signature as if it were a node, as older programs write it.
void HandlerChecker::checkOwnSignature(const Handler &handler) {
  const Function *own = resolved.functionsByName.lookup(handler.syntax->function.text);
  const Function *served = handler.path.back();
  if (!own || !own->handler || !own->signature || !served)
    return;
  const ast::Name &name = handler.syntax->function;
  if (!own->signature->outputs.empty())
    diagnostics.error(name.loc, "handler '" + name.text + "' cannot produce outputs; no flow goes on after an error")
        .note(own->name.loc, "declared here");
  else if (!agree(*own, *served))
    diagnostics
        .error(name.loc, "handler '" + name.text + "' does not take the inputs of '" + served->name.text +
                             "', whose errors it handles")
        .note(own->name.loc, "the handler is declared here")
        .note(served->name.loc, "'" + served->name.text + "' is declared here");
}

/// Checks that C function `use` is given the input of `served` and no other.
void HandlerChecker::checkPrototype(const ast::Name &use, const Function *served, StringRef what) {
  if (!served)
    return;
  auto [entry, isNew] = servedFirst.try_emplace(use.text, served, use.loc);
  auto [first, firstUse] = entry->second;
  if (!isNew && !agree(*first, *served))
    diagnostics.error(use.loc, sayServesTwo(what, use.text, first->name.text, served->name.text))
        .note(firstUse, "it serves '" + first->name.text + "' here");
}

void HandlerChecker::run() {
  findDetached();
  for (const Handler &handler : resolved.handlers) {
    checkPath(handler);
    checkOnce(handler);
    checkOwnSignature(handler);
    checkPrototype(handler.syntax->function, handler.path.back(), "handler");
  }
  for (const Source &source : resolved.sources)
    if (source.syntax->session)
      checkPrototype(*source.syntax->session, source.target, "session function");
}

void flux::frontend::checkHandlers(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics) {
  HandlerChecker(resolved, types, diagnostics).run();
}
