/// helpers.h - threads that wait in a loop's place, in calls for which no descriptor says when they would not block.
#ifndef FLUX_POSIX_HELPERS_H
#define FLUX_POSIX_HELPERS_H

#include "core/figures.h"
#include "core/limits.h"
#include "core/threads/thread_cache.h"
#include "fiber/scheduler.h"

#include <errno.h>
#include <stdint.h>

namespace flux {

/// Threads that make calls for jobs, each of which is blocked meanwhile. A thread is started when there is work and
/// none is idle, and one that has been idle for ten seconds ends (see ThreadCache). Work that finds as many at work as
/// there may be waits, in order. When the system refuses a thread, work waits for those there
/// are; when there is none, it is done on the loop, which is slow but right.
class Helpers {
public:
  constexpr Helpers() : cache(destroy) {}
  Helpers(const Helpers &) = delete;
  Helpers &operator=(const Helpers &) = delete;

  /// Allows `limit` threads. Until then make() makes calls where it is called. Any thread, before make().
  void open(uint64_t limit);

  /// Ends the threads; nobody is in make(). Before the loops whose jobs they have helped are closed. Any thread.
  void close();

  bool isOpen() const { return limit > 0; }

  /// Makes `call()` on a helper, while the job that the calling thread runs is blocked; where no job runs, makes it at
  /// once. Returns what it returns; errno goes along there and back. Any thread.
  template <typename F> auto make(F call) -> decltype(call());

  /// Makes the system call return with EINTR that a helper is in for this job. Any thread; call it again, since the
  /// helper may be just about to make its call.
  void interrupt(const Fiber &fiber);

  /// Offers what it counts, as one group. Any thread.
  void offer(const char *name, Figures &figures);

  /// Offers how many threads there may be, by that name and option, if it is open. Any thread.
  void offerLimit(const char *name, const char *option, Limits &limits);

private:
  /// A call to make; on the stack of the job.
  struct Task {
    void (*make)(void *call);
    void *call;
    Scheduler *scheduler;
    Fiber *fiber;
    int error;
    Helpers *helpers;
    Task *next;
    bool isRefused; // it has waited for helpers of which none is left
  };
  /// A thread.
  struct Helper : CachedThread {
    Task *task;
    const Fiber *fiber; // the task's, while it is being done
  };
  enum class Place { Given, New, Nowhere };

  void perform(Task &task);
  Place give(Task &task, bool mayStart);
  bool startFor(Task &task);
  void countRefused();
  static void *run(void *helper);
  bool awaitTask(Helper &self);
  static void destroy(CachedThread &thread);

  ThreadCache cache;
  uint64_t limit = 0;
  Task *first FLUX_GUARDED_BY(cache.mutex) = nullptr; // those that wait
  Task *last FLUX_GUARDED_BY(cache.mutex) = nullptr;
  uint64_t numWaiting FLUX_GUARDED_BY(cache.mutex) = 0;
};

/// For calls that wait for the disk; not opened by models that let the loop wait for it.
extern Helpers fileHelpers;

/// For calls that wait for the network or for other processes: there may be many, which cost little but memory.
extern Helpers lookupHelpers;

template <typename F> auto Helpers::make(F call) -> decltype(call()) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || !isOpen())
    return call();
  struct Call {
    F &call;
    decltype(call()) result;
  } made = {call, {}};
  Task task = {};
  task.make = [](void *argument) {
    auto &self = *static_cast<Call *>(argument);
    self.result = self.call();
  };
  task.call = &made;
  task.scheduler = scheduler;
  perform(task);
  return made.result;
}

} // namespace flux

#endif // FLUX_POSIX_HELPERS_H
