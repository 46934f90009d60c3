//===- BuildIndex.h - From a syntax tree to its index -------------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_BUILDINDEX_H
#define FLUX_LIB_FRONTEND_BUILDINDEX_H

#include "ResolvedProgram.h"
#include "flux/Frontend/ProgramIndex.h"

namespace flux::frontend {

/// The index of `program`. Where names were resolved, `resolved` adds the types of flows that their chains give.
ProgramIndex buildIndex(const ast::Program &program, const ResolvedProgram *resolved);

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_BUILDINDEX_H
