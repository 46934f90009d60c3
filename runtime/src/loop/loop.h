/// loop.h - runs jobs on one thread, each as a plain call until it blocks.
#ifndef FLUX_LOOP_LOOP_H
#define FLUX_LOOP_LOOP_H

#include "fiber/scheduler.h"
#include "poll/poller_choice.h"

namespace flux {

/// Something to run.
struct Job {
  void (*run)(void *argument);
  void *argument;
};

/// The jobs of one thread, and the turns in which it runs them.
///
/// Every fiber of the loop does the same work: it runs a job as a plain call, then the next, polls the reactor now and
/// then, and sleeps in it when there is nothing to do. When a job blocks, its fiber stays parked with it, and another
/// one carries on with the work (see Scheduler). A fiber at work that finds one ready becomes idle itself and switches
/// to it. So a job that never blocks costs a call, and there are as many fibers as jobs blocked, and one more.
///
/// Without memory for the fiber that has to be idle, jobs wait in their queue until one ends or memory comes back;
/// nothing is lost.
///
/// Everything is for the loop's own thread, except where it says otherwise.
class Loop final : public Scheduler {
public:
  Loop() = default;

  /// Makes ready to run: at most `maxJobs` are queued at a time, on stacks of `stackSize` bytes. `onPoke` is called
  /// with `owner` after a poke(), on the loop's thread, outside of any job. False with errno set; close() is still to
  /// be called. Any thread, once.
  bool open(Io io, size_t stackSize, uint64_t maxJobs, void (*onPoke)(void *owner), void *owner);

  /// Makes a fiber ahead of need. False with errno set. The loop's thread, or any before run().
  bool addFiber() { return pool.add(); }

  /// Leaves the order in which ready fibers run to `policy`, which must live as long. Before run().
  void setPolicy(RunPolicy &policy) { setRunPolicy(policy); }

  /// Runs jobs on the calling thread until quit(). False with errno set if it could not begin.
  bool run() { return enter(); }

  /// Gives back what open() took. After run(), also those of other loops; jobs that are still parked are dropped as
  /// they are.
  void close();

  /// Ends run() as soon as the running job has ended or blocked. Any thread.
  void quit();

  /// Queues a job. Also before run().
  void post(Job job) { jobs[endJob++ & jobsMask] = job; }

private:
  static void enterWork(void *loop);
  [[noreturn]] void work();
  void beginTurn();
  bool reserve();
  void runNextJob();
  uint64_t sleepLimit();

  Poller *poller = nullptr;

  // What is left of this turn, beside fibers. A turn runs what is there when it begins, and one in a while begins with
  // a look at the reactor, so that neither fibers nor jobs nor the outside world starve.
  uint64_t jobsLeft = 0;
  uint64_t sinceLook = 0; // what has been run

  Job *jobs = nullptr; // a ring
  uint64_t jobsMask = 0, firstJob = 0, endJob = 0;

  void (*onPoke)(void *owner) = nullptr;
  void *owner = nullptr;
  bool starved = false; // no fiber could be made for the next job
  std::atomic<bool> quitting{false};
};

} // namespace flux

#endif // FLUX_LOOP_LOOP_H
