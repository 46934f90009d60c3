/// loop_thread.h - a thread with an event loop that runs sources and flows, and passes flows to others of its kind.
#ifndef FLUX_LOOP_LOOP_THREAD_H
#define FLUX_LOOP_LOOP_THREAD_H

#include "core/figures.h"
#include "core/flow.h"
#include "core/limits.h"
#include "core/os/mutex.h"
#include "loop/loop.h"
#include "loop/stall_detector.h"

namespace flux {

class LoopThread;

/// The tail of a context whose flow runs on a loop.
struct LoopContext {
  Scheduler *scheduler;
  Fiber *fiber;
};

/// The tail of a source that runs on a loop.
struct LoopSource {
  LoopThread *home; // where it runs
  Fiber *fiber;     // and on what; null before and after
};

/// One thread with its loop. A flow of one of its sources runs here or is handed to another one; what belongs to a flow
/// that runs where it was produced - its record, its context, its counters - is touched by this thread alone.
///
/// The flows that its sources may have under way, wherever they run, are limited; a source that would exceed that
/// waits.
///
/// Everything is for the thread itself, inside of jobs, except where it says otherwise.
class LoopThread {
public:
  LoopThread() = default;
  LoopThread(const LoopThread &) = delete;
  LoopThread &operator=(const LoopThread &) = delete;

  struct Bounds {
    size_t stackSize;    // of each flow that blocks
    uint64_t flowsOfOwn; // that its sources may have under way
    uint64_t flowsOfAll; // that may be here at once, those from elsewhere included
    Io io;
    int cpu; // where it runs; -1: wherever the system likes
  };

  /// Makes ready to run. False after a logged message. Main thread.
  bool open(const Bounds &given);

  /// Adds a source to those that run here. False after a logged message. Main thread, before start().
  bool add(Source &source);

  /// Runs the sources, and sourceEnded() after each, as soon as nobody holds `gate`. False after a logged message. Main
  /// thread.
  bool start(Mutex &gate);

  /// Ends the thread. Main thread, once; no flow is in flight anywhere.
  void end();

  /// Gives back what open() took. Main thread, after all threads that pass flows to each other have ended.
  void close();

  /// The thread that runs here, or null. Any thread.
  static LoopThread *current();

  /// Runs a flow, which passes to the thread `runner`; it may be this one. From runSource(), by the thread whose source
  /// it is; blocks the source while too many are under way.
  void submit(Flow *flow, LoopThread &runner);

  /// The same for the thread that runs here. For ModelFlows.
  static void submitHere(Flow *flow);

  /// Makes calls that sources are blocked in return with EINTR. Main thread.
  void interruptSources();

  /// From now on wakeServer() is called when no flow of its sources is under way any more. Main thread.
  void drain();

  /// How many flows of its sources are under way. Any thread.
  uint64_t ownFlows() const;

  /// Offers how many flows its sources may have under way. Any thread.
  void offerLimit(Limits &limits) const;

  /// Offers what it counts. Any thread.
  void offer(Figures &figures) const;

private:
  static void *runThread(void *self);
  static void runFlowJob(void *flow);
  static void runSourceJob(void *source);
  static void onPoke(void *self);

  void runHere(Flow *flow);
  void handOver(Flow *flow, LoopThread &runner);
  void flowReturned();
  void receive();
  void interruptBlocked();
  void resumeWaiting();
  void awaitRoom();
  bool reserveContext();
  Context &takeContext();
  void tellDrained();

  Loop loop;
  StallDetector stallDetector;
  pthread_t thread;
  Mutex *gate = nullptr;
  Bounds bounds = {};
  Counters *counters = nullptr;
  Context **spareContexts = nullptr; // a stack
  uint64_t numSpares = 0;
  FiberQueue waitingSources;
  uint64_t produced = 0;
  // Written here, read by the main thread.
  std::atomic<uint64_t> flowsHere{0};  // of its own sources
  std::atomic<uint64_t> flowsGuest{0}; // of other threads' sources
  std::atomic<uint64_t> sourcesWaiting{0};

  // Written by other threads, too, when flows are handed over.
  alignas(64) std::atomic<Flow *> inbox{nullptr};
  alignas(64) std::atomic<uint64_t> flowsAway{0}; // of its own sources, with other threads
  std::atomic<bool> awaitsRoom{false};            // a source does
  std::atomic<bool> draining{false};
  std::atomic<bool> interruptWanted{false};
};

} // namespace flux

#endif // FLUX_LOOP_LOOP_THREAD_H
