/// parking.h - whether a job that has to wait may let others run meanwhile.
#ifndef FLUX_POSIX_PARKING_H
#define FLUX_POSIX_PARKING_H

#include "fiber/scheduler.h"

namespace flux {

/// Asked before a job parks in one of the interposed calls. A function that is taken not to wait (core/promise.h) does
/// so there, which is reported. It may park all the same, unless constraints were left out on the strength of that:
/// then it keeps the thread, so that those constraints hold even so, at everybody's cost.
bool mayPark();

/// Blocks the thread until one of the descriptors is ready, a signal comes, or the deadline is over. May return Ready
/// early.
Outcome awaitOnThread(const DescriptorWait *descriptors, size_t count, uint64_t deadline);

/// Blocks the job, which makes an interposed call, as Scheduler::await() does; if it may not park, blocks the thread.
inline Outcome parkUntil(Scheduler &scheduler, DescriptorWait *descriptors, size_t count, uint64_t deadline) {
  return mayPark() ? scheduler.await(descriptors, count, deadline) : awaitOnThread(descriptors, count, deadline);
}

} // namespace flux

#endif // FLUX_POSIX_PARKING_H
