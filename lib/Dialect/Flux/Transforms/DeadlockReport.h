//===- DeadlockReport.h - Says how flows can wait for each other ---------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_TRANSFORMS_LIB_DEADLOCKREPORT_H
#define FLUX_DIALECT_FLUX_TRANSFORMS_LIB_DEADLOCKREPORT_H

#include "flux/Analysis/Deadlock.h"

namespace flux {

/// Reports why a program is not accepted, as an error: each flow of a circle with what it holds, what it waits for and
/// where, and what would break it. The program may be one with the nodes' mutexes (ProgramWithMutexes). More notes may
/// follow.
mlir::InFlightDiagnostic reportDeadlock(const LockContexts &contexts, const Deadlock &deadlock);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_TRANSFORMS_LIB_DEADLOCKREPORT_H
