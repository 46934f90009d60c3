//===- Sema.h - The rules of the language ------------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_SEMA_H
#define FLUX_LIB_FRONTEND_SEMA_H

#include "Diagnostics.h"
#include "ResolvedProgram.h"
#include "TypeTable.h"

namespace flux::frontend {

/// Checks every rule of the language and returns the resolved program; what breaks a rule is reported, and the resolved
/// is then incomplete. `program` must outlive the resolved.
ResolvedProgram analyse(const ast::Program &program, const TypeTable &types, Diagnostics &diagnostics);

// The steps of `analyse`, in their order. A step accepts what the steps before it have reported as errors and adds no
// errors that only follow from those.

/// Declares all names, reports duplicates and conflicts, and resolves every mention.
void resolveNames(const ast::Program &program, ResolvedProgram &resolved, Diagnostics &diagnostics);

/// Fills `calleesFirst`. Returns false, with every cycle reported, if a flow reaches itself.
bool orderFunctions(ResolvedProgram &resolved, Diagnostics &diagnostics);

/// Gives flows without a signature their type and checks that neighbours agree.
void checkTypes(ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics);

/// Checks that each case can be taken and that predicates get what they test.
void checkDispatch(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics);

/// Checks that each lock has one scope and that a session lock is only reached within a session.
void checkConstraints(const ResolvedProgram &resolved, Diagnostics &diagnostics);

/// Checks that a handler's path exists and that its function can have one prototype.
void checkHandlers(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics);

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_SEMA_H
