#include "posix/helpers.h"

#include "core/log.h"
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

void Helpers::open(uint64_t most) { limit = most; }

void Helpers::close() {
  Helper *helper;
  {
    MutexLock guard(mutex);
    closing = true;
    for (; idle; idle = idle->next) {
      idle->task = nullptr;
      idle->parker.unpark();
    }
    helper = all;
    all = nullptr;
    threads = numIdle = 0;
  }
  while (Helper *each = helper) {
    helper = each->nextOfAll;
    pthread_join(each->thread, nullptr);
    free(each);
  }
  MutexLock guard(mutex);
  closing = false;
  limit = 0;
}

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
  MutexLock guard(mutex);
  if (Helper *helper = idle) {
    idle = helper->next;
    --numIdle;
    helper->task = &task;
    helper->fiber = task.fiber;
    helper->parker.unpark();
    return Place::Given;
  }
  if (mayStart && threads < limit) {
    ++threads;
    return Place::New;
  }
  if (threads == 0)
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
    MutexLock guard(mutex);
    if (--threads == 0) {
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
  helpers.enter(self);
  do {
    Task &task = *self.task;
    errno = task.error;
    task.make(task.call);
    task.error = errno;
    // The last that is known of the task: it is on the stack of a job that may go on at once.
    task.scheduler->permitFromElsewhere(*task.fiber);
  } while (helpers.awaitTask(self));
  return nullptr;
}

void Helpers::enter(Helper &self) {
  MutexLock guard(mutex);
  // Not by its creator, who must not touch it any more: it may be gone before pthread_create() returns.
  self.thread = pthread_self();
  self.fiber = self.task->fiber;
  self.nextOfAll = all;
  all = &self;
}

/// Waits for the helper's next task; false when it shall end.
bool Helpers::awaitTask(Helper &self) {
  {
    MutexLock guard(mutex);
    self.fiber = nullptr;
    if (closing)
      return false;
    self.task = first;
    if (first) {
      self.fiber = first->fiber;
      first = first->next;
      --numWaiting;
      return true;
    }
    self.next = idle;
    idle = &self;
    ++numIdle;
  }
  if (!self.parker.park(kIdleNs)) {
    if (retire(self))
      return false;
    self.parker.park();
  }
  return self.task != nullptr; // close() joins
}

/// Lets an idle helper that has waited too long go, whom nobody joins. False if it has just been told something.
bool Helpers::retire(Helper &self) {
  {
    MutexLock guard(mutex);
    if (!remove(self, idle, &Helper::next))
      return false;
    remove(self, all, &Helper::nextOfAll);
    --numIdle;
    --threads;
  }
  pthread_detach(self.thread);
  free(&self);
  return true;
}

/// Takes a helper out of a list; false if it is not in it.
bool Helpers::remove(Helper &helper, Helper *&list, Helper *Helper::*next) {
  for (Helper **link = &list; *link; link = &((*link)->*next))
    if (*link == &helper) {
      *link = helper.*next;
      return true;
    }
  return false;
}

void Helpers::interrupt(const Fiber &fiber) {
  MutexLock guard(mutex);
  for (Helper *helper = all; helper; helper = helper->nextOfAll)
    if (helper->fiber == &fiber)
      pthread_kill(helper->thread, kInterruptSignal);
}

void Helpers::offer(const char *name, Figures &figures) {
  MutexLock guard(mutex);
  figures.beginGroup(name);
  figures.gauge("running", threads - numIdle);
  figures.gauge("idle", numIdle);
  figures.gauge("limit", limit);
  figures.gauge("waiting", numWaiting);
  figures.end();
}

} // namespace flux
