/// scheduler.h - blocks and wakes the jobs of one thread, each with the fiber that it runs on.
#ifndef FLUX_FIBER_SCHEDULER_H
#define FLUX_FIBER_SCHEDULER_H

#include "core/context.h"
#include "fiber/activity.h"
#include "fiber/current_job.h"
#include "fiber/fiber_pool.h"
#include "fiber/run_policy.h"
#include "poll/reactor.h"

#include <atomic>
#include <sys/types.h>

namespace flux {

/// The fibers of one thread, as the jobs see them that run there: what blocks a job, and what lets it go on. What gives
/// the fibers their jobs stands above, and decides when they run (loop/loop.h).
///
/// When a job blocks, its fiber stays parked with it, and another one carries on: one that has become ready, else an
/// idle one.
///
///   invariant: while a job runs, there is an idle fiber that can carry on when the job blocks
///
/// Everything is for the scheduler's own thread, in a job, except where it says otherwise.
class Scheduler {
public:
  Scheduler(const Scheduler &) = delete;
  Scheduler &operator=(const Scheduler &) = delete;

  /// The scheduler whose job the calling thread runs, or null: then a blocking call blocks the thread. Any thread.
  static Scheduler *current() { return currentJob.interrupted ? currentBehindHandler() : currentJob.scheduler; }

  /// The fiber of that job, or null.
  static Fiber *currentFiber() {
    Scheduler *scheduler = current();
    return scheduler ? scheduler->running : nullptr;
  }

  /// The fiber that runs now.
  Fiber &fiber() { return *running; }

  /// Lets others run until resume() of this fiber, which must follow; notes what it waits for.
  void suspend(WaitsFor what = WaitsFor::Nothing, int64_t which = 0);

  /// Makes a suspended fiber ready. Also outside of jobs.
  void resume(Fiber &fiber) {
    ++numReady;
    policy ? policy->add(fiber) : inTurn.push(fiber);
  }

  /// Lets others run that are ready, and jobs that are queued.
  void yield();

  /// park() blocks the running fiber until permit(), which may come first; one permit() answers each park().
  void park();
  void permit(Fiber &fiber);

  /// park() that the deadline or interrupt() ends, too; Ready if permit() has. If both come, permit() is the one
  /// answered. Notes what it waits for.
  Outcome park(uint64_t deadline, WaitsFor what, int64_t which);

  /// The same from any thread.
  void permitFromElsewhere(Fiber &fiber);

  /// Blocks the running job until one of the descriptors is ready, the deadline has come, or interrupt().
  Outcome await(DescriptorWait *descriptors, size_t count, uint64_t deadline);

  /// Ends the await() or park() with a deadline that the fiber is in, if it is in one. Also outside of jobs.
  void interrupt(Fiber &fiber);

  /// Ends every wait for a descriptor that is about to be closed.
  void closing(int fd) { reactor.closing(fd); }

  /// Another thread is about to close a descriptor, whose next generation has begun. Any thread.
  void closedByOther(int fd) { reactor.closedElsewhere(fd); }

  /// The descriptors that the running job makes system calls on at the moment; none while it waits.
  UsedDescriptors &used() { return reactor.used; }

  /// Waits until the thread makes no system call on the descriptor any more, whose next generation has begun; one that
  /// takes long is interrupted. Any thread, also a signal handler; in one of the scheduler's own, it does nothing.
  void awaitUnused(int fd) const;

  /// Wakes the scheduler if it sleeps, once for all pokes until it answers them: only then it takes a system call. Any
  /// thread, also a signal handler; never blocks.
  void poke();

  /// For the watcher of the scheduler. Any thread.
  Activity &watchable() { return activity; }

  /// Figures for a snapshot; any thread.
  FiberPool::Figures figures() const { return pool.figures(); }

protected:
  Scheduler() = default;
  ~Scheduler() = default;

  /// Makes ready to run: every fiber runs `body(argument)`, on a stack of `stackSize` bytes. `poller` and `stacks` must
  /// live as long. False with errno set; closeFibers() is still to be called. Any thread, once.
  bool openFibers(Poller &poller, StackSource &stacks, size_t stackSize, void (*body)(void *), void *argument);

  /// Gives back what openFibers() took. After the last job, also those of other schedulers; jobs that are still parked
  /// are dropped as they are.
  void closeFibers();

  /// Runs an idle fiber, there is one, until a fiber calls leave(). False with errno set if it could not begin.
  bool enter();

  /// Goes back to enter(), and leaves the running fiber idle.
  void leave();

  /// Leaves the order in which ready fibers run to `given`, which must live as long. While none is ready.
  void setRunPolicy(RunPolicy &given) { policy = &given; }

  /// Leaves the running fiber idle and goes on with the next one that is ready; there is one.
  void runNext();

  /// Runs a job on the running fiber, which is parked with it when it blocks.
  void runJob(void (*run)(void *argument), void *argument) {
    activity.begin();
    currentJob.scheduler = this;
    run(argument);
    leaveJob();
    if (running->own.changed)
      running->own.reset();
  }

  /// Learns what has happened outside, having slept for at most `timeoutNs` until something does.
  void look(uint64_t timeoutNs);

  /// Takes the mark of pokes away, and makes ready what other threads have permitted. Whether it was there.
  bool takePokes();

  FiberPool pool;

  uint64_t numReady = 0;

  /// How many fibers may still run before the scheduler's turn ends: those that become ready meanwhile have to wait.
  uint64_t fibersLeft = 0;

  // What other threads write has a line of its own.
  alignas(64) std::atomic<bool> poked{false}; // a poke() has not been answered yet

private:
  static void leaveAll();
  static void leaveJob() { currentJob.scheduler = currentJob.interrupted = nullptr; }
  static Scheduler *currentBehindHandler();
  void interruptUse() const;
  Fiber &nextReady();
  void leaveIdle(Fiber &to);
  void permitRemote();

  std::atomic<bool> asleep{false};      // or about to be
  std::atomic<Fiber *> remote{nullptr}; // permitted from elsewhere

  alignas(64) Activity activity;
  FiberQueue inTurn; // those that are ready, without a policy
  RunPolicy *policy = nullptr;

  Reactor reactor;
  ThreadPlaces thread;
  Fiber root; // the thread's own stack: waits for leave()
  Fiber *running = nullptr;
  pid_t threadId = 0; // of the system
};

} // namespace flux

#endif // FLUX_FIBER_SCHEDULER_H
