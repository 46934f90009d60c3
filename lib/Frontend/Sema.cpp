//===- Sema.cpp - The rules of the language ---------------------------------------------------------------------===//

#include "Sema.h"

using namespace flux;
using namespace flux::frontend;

ResolvedProgram flux::frontend::analyse(const ast::Program &program, const TypeTable &types, Diagnostics &diagnostics) {
  ResolvedProgram resolved;
  resolveNames(program, resolved, diagnostics);
  if (!orderFunctions(resolved, diagnostics))
    return resolved;
  checkTypes(resolved, types, diagnostics);
  checkDispatch(resolved, types, diagnostics);
  checkConstraints(resolved, diagnostics);
  checkHandlers(resolved, types, diagnostics);
  return resolved;
}
