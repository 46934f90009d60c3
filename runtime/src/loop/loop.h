/// loop.h - runs jobs on one thread, each as a plain call until it blocks.
#ifndef FLUX_LOOP_LOOP_H
#define FLUX_LOOP_LOOP_H

#include "core/context.h"
#include "fiber/fiber.h"
#include "loop/activity.h"
#include "poll/reactor.h"

#include <atomic>

namespace flux {

/// A FIFO of fibers.
class FiberQueue {
public:
  bool empty() const { return head == nullptr; }
  uint64_t size() const { return length; }
  void push(Fiber &fiber) {
    fiber.next = nullptr;
    (head ? tail->next : head) = &fiber;
    tail = &fiber;
    ++length;
  }
  Fiber &pop() {
    Fiber &fiber = *head;
    head = fiber.next;
    --length;
    return fiber;
  }

private:
  Fiber *head = nullptr;
  Fiber *tail = nullptr;
  uint64_t length = 0;
};

/// Something to run.
struct Job {
  void (*run)(void *argument);
  void *argument;
};

/// The jobs and fibers of one thread.
///
/// Every fiber of the loop does the same work: it runs a job as a plain call, then the next, polls the reactor now and
/// then, and sleeps in it when there is nothing to do. When a job blocks, its fiber stays parked with it, and another
/// one carries on with the work: one that has become ready, else an idle one. A fiber at work that finds one ready
/// becomes idle itself and switches to it. So a job that never blocks costs a call, and there are as many fibers as
/// jobs blocked, and one more.
///
///   invariant: while a job runs, there is an idle fiber that can carry on when the job blocks
///
/// Without memory for that fiber, jobs wait in their queue until one ends or memory comes back; nothing is lost.
///
/// Everything is for the loop's own thread, except where it says otherwise.
class Loop {
public:
  Loop() = default;
  Loop(const Loop &) = delete;
  Loop &operator=(const Loop &) = delete;

  /// Makes ready to run: at most `maxJobs` are queued at a time, on stacks of `stackSize` bytes. `onPoke` is called
  /// with `owner` after a poke(), on the loop's thread, outside of any job. False with errno set; close() is still to
  /// be called. Any thread, once.
  bool open(Io io, size_t stackSize, uint64_t maxJobs, void (*onPoke)(void *owner), void *owner);

  /// Makes a fiber ahead of need. False with errno set. The loop's thread, or any before run().
  bool addFiber();

  /// Runs jobs on the calling thread until quit(). False with errno set if it could not begin.
  bool run();

  /// Gives back what open() took. After run(), also those of other loops; jobs that are still parked are dropped as
  /// they are.
  void close();

  /// Ends run() as soon as the running job has ended or blocked. Any thread.
  void quit();

  /// Has `onPoke` called, once for all pokes before that, and wakes the loop if it sleeps: only then it takes a system
  /// call. Any thread, also a signal handler; never blocks.
  void poke();

  /// Queues a job. Also before run().
  void post(Job job);

  /// The loop whose job the calling thread runs, or null: then a blocking call blocks the thread. Any thread.
  static Loop *current();

  /// The fiber that runs now.
  Fiber &fiber() { return *running; }

  /// Lets others run until resume() of this fiber, which must follow. In a job.
  void suspend();

  /// Makes a suspended fiber ready.
  void resume(Fiber &fiber) { ready.push(fiber); }

  /// Lets others run that are ready, and jobs that are queued. In a job.
  void yield();

  /// park() blocks the running fiber until permit(), which may come first; one permit() answers each park().
  void park();
  void permit(Fiber &fiber);

  /// The same from any thread.
  void permitFromElsewhere(Fiber &fiber);

  /// Blocks the running job until one of the descriptors is ready, the deadline has come, or interrupt().
  Outcome await(DescriptorWait *descriptors, size_t count, uint64_t deadline);

  /// Ends the await() that the fiber is in, if it is in one.
  void interrupt(Fiber &fiber);

  /// Ends every wait for a descriptor that is about to be closed.
  void closing(int fd) { reactor.closing(fd); }

  /// The same for loops of other threads, once the descriptor has been closed. Any thread.
  static void closedElsewhere(int fd);

  /// For somebody who watches the loop. Any thread.
  Activity &watchable() { return activity; }

  /// Figures for a snapshot; any thread.
  struct Figures {
    uint64_t fibers, idle;
  };
  Figures figures() const;

private:
  static void enter(void *loop);
  [[noreturn]] void work();
  void beginTurn();
  void look(uint64_t timeoutNs);
  bool reserve();
  void runNextJob();
  void switchTo(Fiber &to);
  void becomeIdle();
  Fiber &takeIdle();
  uint64_t sleepLimit();
  void trim();
  void answerPokes();
  void permitRemote();

  Reactor reactor;
  ThreadPlaces thread;
  Fiber root; // the thread's own stack: waits for quit()
  Fiber *running = nullptr;
  FiberQueue ready;
  Fiber *idle = nullptr; // a stack: the latest is warm
  size_t stackSize = 0;

  // What is left of this turn. A turn runs what is there when it begins, and one in a while begins with a look at the
  // reactor, so that neither fibers nor jobs nor the outside world starve.
  uint64_t fibersLeft = 0;
  uint64_t jobsLeft = 0;
  uint64_t sinceLook = 0; // what has been run

  Job *jobs = nullptr; // a ring
  uint64_t jobsMask = 0, firstJob = 0, endJob = 0;

  void (*onPoke)(void *owner) = nullptr;
  void *owner = nullptr;
  bool starved = false; // no fiber could be made for the next job
  bool untrimmed = false;
  std::atomic<bool> quitting{false};
  std::atomic<uint64_t> numFibers{0}, numIdle{0};
  Activity activity;

  // What other threads write has a line of its own.
  alignas(64) std::atomic<bool> poked{false};
  std::atomic<bool> asleep{false};      // or about to be
  std::atomic<Fiber *> remote{nullptr}; // permitted from elsewhere
};

/// The time of a signal handler, which may have interrupted a job: Loop::current() is null in it. When the handler
/// jumps out of it (siglongjmp), the job goes on as before, which is noticed by the signal that is no longer blocked.
class Interruption {
public:
  /// `blocked` is the signal that is blocked while the handler runs, or 0: then a job that is jumped to blocks the
  /// thread until it ends.
  explicit Interruption(int blocked);
  ~Interruption();
  Interruption(const Interruption &) = delete;
  Interruption &operator=(const Interruption &) = delete;

private:
  Loop *const loop;
};

} // namespace flux

#endif // FLUX_LOOP_LOOP_H
