/// parking.h - whether a job that has to wait may let others run meanwhile.
///
/// The compiler leaves out constraints that no flow can park under. It relies on promises, of nodes that are declared
/// `nonblocking`, and on what it found out itself: nodes, predicates and handlers that are guarded. They are taken not
/// to wait; where one does all the same, such constraints hold even so.
#ifndef FLUX_POSIX_PARKING_H
#define FLUX_POSIX_PARKING_H

#include "fiber/scheduler.h"

namespace flux {

/// Asked before a job parks in one of the interposed calls. A function that is taken not to wait is reported there:
/// counted, with a line in the log for its first time, and the process ends if a promise is broken in an object that
/// was compiled for debugging. It may park all the same, unless constraints were left out on the strength of that: then
/// it keeps the thread, at everybody's cost.
bool mayPark();

/// Blocks the thread until one of the descriptors is ready, a signal comes, or the deadline is over. May return Ready
/// early.
Outcome awaitOnThread(const DescriptorWait *descriptors, size_t count, uint64_t deadline);

} // namespace flux

#endif // FLUX_POSIX_PARKING_H
