/// registry.h - the schedulers of the process, for who closes descriptors that they wait for.
#ifndef FLUX_FIBER_REGISTRY_H
#define FLUX_FIBER_REGISTRY_H

namespace flux {

class Scheduler;

/// From here on the scheduler learns what other threads close. One for which there is no room (beyond 1024) does not.
/// Any thread.
void enlist(Scheduler &scheduler);

/// Ends that: when it returns, nobody looks at the scheduler any more. Does nothing for one that is not listed. Any
/// thread.
void delist(Scheduler &scheduler);

/// The scope in which a thread does something to a scheduler that it has found: until its end, delist() does not return
/// to whoever closes the scheduler. Any thread, also a signal handler.
class SchedulerLook {
public:
  SchedulerLook();
  ~SchedulerLook();
  SchedulerLook(const SchedulerLook &) = delete;
  SchedulerLook &operator=(const SchedulerLook &) = delete;

private:
  const bool isStranger;
};

/// Whether there is a scheduler at all, or has been. Any thread.
bool areSchedulers();

/// Lets the schedulers of all other threads know that a descriptor is about to be closed or replaced, whose next
/// generation has begun. Any thread.
void closedElsewhere(int fd);

/// Waits until no scheduler's thread makes a system call on the descriptor any more for an earlier generation. Any
/// thread.
void awaitUnusedElsewhere(int fd);

/// Forgets them all: in a forked child nobody runs them, and what they tell their pollers would reach the parent's.
void forgetSchedulers();

} // namespace flux

#endif // FLUX_FIBER_REGISTRY_H
