//===- CheckConstraints.cpp - The rules of the language: scopes of locks and sessions ---------------------------===//

#include "Sema.h"
#include "flux/Dialect/Flux/IR/Rules.h"

using namespace flux;
using namespace flux::frontend;

/// Reports locks that are shared by the program in one place and by a session in another.
static void checkScope(const ResolvedProgram &resolved, const ast::LockUse &use, Diagnostics &diagnostics) {
  const ast::LockUse *first = resolved.locks.lookup(use.lock.text);
  if (!first || first->scope == use.scope)
    return;
  diagnostics
      .error(use.lock.loc, "lock '" + use.lock.text + "' is of scope '" + stringifyLockScope(use.scope) +
                               "' here, but of scope '" + stringifyLockScope(first->scope) + "' before")
      .note(first->lock.loc, "the first use is here");
}

/// The first session lock of each function, or of anything that it runs.
static llvm::DenseMap<const Function *, const ast::LockUse *> findSessionLocks(const ResolvedProgram &resolved) {
  llvm::DenseMap<const Function *, const ast::LockUse *> found;
  auto addOwn = [&](const Function *function, llvm::ArrayRef<const ast::LockUse *> holds) {
    for (const ast::LockUse *use : holds)
      if (use->scope == LockScope::Session)
        found.try_emplace(function, use);
  };
  // A handler runs within the session of the flow whose error it takes.
  for (const Handler &handler : resolved.handlers)
    addOwn(handler.path.back(), handler.holds);
  for (const Function *function : resolved.calleesFirst) {
    addOwn(function, function->holds);
    for (const Case &definition : function->cases)
      for (const Function *callee : definition.links)
        if (const ast::LockUse *use = found.lookup(callee))
          found.try_emplace(function, use);
  }
  return found;
}

void flux::frontend::checkConstraints(const ResolvedProgram &resolved, Diagnostics &diagnostics) {
  for (const Function &function : resolved.functions)
    for (const ast::LockUse *use : function.holds)
      checkScope(resolved, *use, diagnostics);
  for (const Handler &handler : resolved.handlers)
    for (const ast::LockUse *use : handler.holds)
      checkScope(resolved, *use, diagnostics);

  auto sessionLocks = findSessionLocks(resolved);
  for (const Source &source : resolved.sources) {
    const ast::Source &syntax = *source.syntax;
    if (const ast::LockUse *use = sessionLocks.lookup(source.function))
      diagnostics.error(syntax.function.loc, sayBeforeSession(syntax.function.text, use->lock.text))
          .note(use->lock.loc, "the constraint is here");
    const ast::LockUse *use = sessionLocks.lookup(source.target);
    if (use && !syntax.session)
      diagnostics
          .error(syntax.function.loc, sayNoSession(syntax.function.text, use->lock.text) + "; write: source " +
                                          syntax.function.text + " {session: <C function>} => " + syntax.target.text +
                                          ";")
          .note(use->lock.loc, "the constraint is here");
  }
}
