#include "io/helpers.h"

#include "core/log.h"
#include "core/os_thread.h"
#include "core/signals.h"

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
  MutexLock guard(mutex);
  closing = true;
  while (Helper *helper = idle) {
    idle = helper->next;
    helper->task = nullptr;
    helper->parker.unpark();
  }
  numIdle = 0;
  while (threads > 0)
    ended.wait(mutex);
  closing = false;
  limit = 0;
}

void Helpers::perform(Task &task) {
  task.helpers = this;
  task.fiber = &task.loop->fiber();
  task.error = errno;
  Place place = give(task, true);
  if (place == Place::New && !startFor(task))
    place = give(task, false);
  if (place == Place::Nowhere)
    task.make(task.call);
  else {
    task.loop->park();
    errno = task.error;
  }
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
  pthread_t thread;
  const int error = startThread(thread, run, &task);
  if (error == 0) {
    pthread_detach(thread);
    return true;
  }
  logRefused(error);
  MutexLock guard(mutex);
  countOut();
  return false;
}

void *Helpers::run(void *argument) {
  Helper self = {static_cast<Task *>(argument), nullptr, pthread_self(), nullptr, nullptr, {}};
  Helpers &helpers = *self.task->helpers;
  helpers.enter(self);
  do {
    Task &task = *self.task;
    errno = task.error;
    task.make(task.call);
    task.error = errno;
    // The last that is known of the task: it is on the stack of a job that may go on at once.
    task.loop->permitFromElsewhere(*task.fiber);
  } while (helpers.awaitTask(self));
  return nullptr;
}

/// Waits for the helper's next task; false when it shall end and counts no more.
bool Helpers::awaitTask(Helper &self) {
  {
    MutexLock guard(mutex);
    self.fiber = nullptr;
    if (closing) {
      leave(self);
      return false;
    }
    if ((self.task = first)) {
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
  if (self.task)
    return true;
  MutexLock guard(mutex);
  leave(self);
  return false;
}

/// Lets an idle helper that has waited too long leave. False if it has just been told something.
bool Helpers::retire(Helper &self) {
  MutexLock guard(mutex);
  for (Helper **link = &idle; *link; link = &(*link)->next) {
    if (*link != &self)
      continue;
    *link = self.next;
    --numIdle;
    leave(self);
    return true;
  }
  return false;
}

void Helpers::enter(Helper &self) {
  MutexLock guard(mutex);
  self.fiber = self.task->fiber;
  self.nextOfAll = all;
  all = &self;
}

/// Lets a thread go, which touches nothing afterwards.
void Helpers::leave(Helper &self) {
  Helper **link = &all;
  while (*link != &self)
    link = &(*link)->nextOfAll;
  *link = self.nextOfAll;
  countOut();
}

void Helpers::countOut() {
  if (--threads == 0)
    ended.notifyAll();
}

void Helpers::interrupt(const Fiber &fiber) {
  MutexLock guard(mutex);
  for (Helper *helper = all; helper; helper = helper->nextOfAll)
    if (helper->fiber == &fiber)
      pthread_kill(helper->thread, kInterruptSignal);
}

void Helpers::snapshot(const char *name, FILE *out) {
  MutexLock guard(mutex);
  fprintf(out, "\"%s\":{\"running\":%llu,\"idle\":%llu,\"limit\":%llu,\"waiting\":%llu},", name,
          static_cast<unsigned long long>(threads - numIdle), static_cast<unsigned long long>(numIdle),
          static_cast<unsigned long long>(limit), static_cast<unsigned long long>(numWaiting));
}

} // namespace flux
