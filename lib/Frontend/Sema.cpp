//===- Sema.cpp - The rules of the language ---------------------------------------------------------------------===//

#include "Sema.h"

using namespace flux;
using namespace flux::frontend;

Model flux::frontend::analyse(const ast::Program &program, const TypeTable &types, Diagnostics &diagnostics) {
  Model model;
  resolveNames(program, model, diagnostics);
  if (!orderFunctions(model, diagnostics))
    return model;
  checkTypes(model, types, diagnostics);
  checkDispatch(model, types, diagnostics);
  checkConstraints(model, diagnostics);
  checkHandlers(model, types, diagnostics);
  return model;
}
