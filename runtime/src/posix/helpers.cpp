#include "posix/helpers.h"

#include "core/log.h"
#include "core/os/floating_point.h"
#include "core/os/os_thread.h"
#include "core/server/signals.h"
#include "posix/parking.h"

#include <new>
#include <stdlib.h>
#include <string.h>

namespace flux {

Helpers fileHelpers;
Helpers lookupHelpers;

namespace {

/// How long a thread without work is kept for more.
constexpr uint64_t kIdleNs = 10 * kNsPerSecond;

void logRefused(int error) {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("the system gives no more threads, so calls wait for the helpers there are: %s", strerror(error));
}

} // namespace

void Helpers::open(uint64_t most) {
  limit = most;
  cache.open(most, kIdleNs);
}

void Helpers::close() {
  cache.close();
  limit = 0;
}

void Helpers::destroy(CachedThread &thread) { free(&static_cast<Helper &>(thread)); }

void Helpers::perform(Task &task) {
  if (!mayPark())
    return task.make(task.call);
  task.helpers = this;
  task.fiber = &task.scheduler->fiber();
  task.error = errno;
  Place place = give(task, true);
  if (place == Place::New && !startFor(task))
    place = give(task, false);
  if (place != Place::Nowhere)
    task.scheduler->park();
  errno = task.error;
  if (place == Place::Nowhere || task.isRefused)
    task.make(task.call);
}

/// Finds a place for the task: an idle thread, a new one (which is counted, but not started), or the queue.
Helpers::Place Helpers::give(Task &task, bool mayStart) {
  MutexLock guard(cache.mutex);
  if (auto *helper = static_cast<Helper *>(cache.takeIdle())) {
    helper->task = &task;
    helper->fiber = task.fiber;
    ThreadCache::wake(*helper);
    return Place::Given;
  }
  if (mayStart && cache.count())
    return Place::New;
  if (cache.numThreads() == 0)
    return Place::Nowhere;
  (first ? last->next : first) = &task;
  last = &task;
  ++numWaiting;
  return Place::Given;
}

bool Helpers::startFor(Task &task) {
  int error = ENOMEM;
  if (void *memory = malloc(sizeof(Helper))) {
    auto *helper = new (memory) Helper();
    helper->task = &task;
    helper->fiber = task.fiber;
    pthread_t thread;
    error = startThread(thread, run, helper);
    if (error == 0)
      return true;
    free(helper);
  }
  countRefused();
  // Not before: where standard error is a file, the message itself asks for a helper, and must not wait for this one.
  logRefused(error);
  return false;
}

/// Counts a thread out that has not come to be. If it was the last, work of other loops that waits for it is told so.
void Helpers::countRefused() {
  Task *waiting = nullptr;
  {
    MutexLock guard(cache.mutex);
    cache.uncount();
    if (cache.numThreads() == 0) {
      waiting = first;
      first = nullptr;
      numWaiting = 0;
    }
  }
  while (Task *task = waiting) {
    waiting = task->next;
    task->isRefused = true;
    task->scheduler->permitFromElsewhere(*task->fiber);
  }
}

void *Helpers::run(void *argument) {
  auto &self = *static_cast<Helper *>(argument);
  Helpers &helpers = *self.task->helpers;
  helpers.cache.enter(self);
  do {
    Task &task = *self.task;
    errno = task.error;
    {
      const FloatingPointScope own; // not the next task's
      task.make(task.call);
    }
    task.error = errno;
    // The last that is known of the task: it is on the stack of a job that may go on at once.
    task.scheduler->permitFromElsewhere(*task.fiber);
  } while (helpers.awaitTask(self));
  return nullptr;
}

/// Waits for the helper's next task; false when it shall end.
bool Helpers::awaitTask(Helper &self) {
  {
    MutexLock guard(cache.mutex);
    self.fiber = nullptr;
    self.task = first;
    if (Task *task = first) {
      self.fiber = task->fiber;
      first = task->next;
      --numWaiting;
      return true;
    }
    cache.becomeIdle(self);
  }
  return cache.awaitWork(self);
}

void Helpers::interrupt(const Fiber &fiber) {
  MutexLock guard(cache.mutex);
  cache.forEach([&](const CachedThread &thread) {
    if (static_cast<const Helper &>(thread).fiber == &fiber)
      pthread_kill(thread.thread, kInterruptSignal);
  });
}

void Helpers::offer(const char *name, Figures &figures) {
  MutexLock guard(cache.mutex);
  figures.beginGroup(name);
  figures.gauge("running", cache.numThreads() - cache.numIdle());
  figures.gauge("idle", cache.numIdle());
  figures.gauge("limit", limit);
  figures.gauge("waiting", numWaiting);
  figures.end();
}

void Helpers::offerLimit(const char *name, const char *option, Limits &limits) {
  MutexLock guard(cache.mutex);
  if (limit > 0)
    limits.offer({name, option, cache.numThreads() - cache.numIdle(), limit, numWaiting, 0, false});
}

} // namespace flux
