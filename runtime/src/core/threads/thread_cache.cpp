#include "core/threads/thread_cache.h"

namespace flux {

void ThreadCache::open(uint64_t most, uint64_t ns) {
  idleNs = ns;
  MutexLock guard(mutex);
  limit = most;
}

void ThreadCache::close() {
  CachedThread *left;
  {
    MutexLock guard(mutex);
    closing = true;
    for (; idle; idle = idle->next) {
      idle->ends = true;
      idle->parker.unpark();
    }
    left = all;
    all = nullptr;
    threads = idleThreads = 0;
  }
  while (CachedThread *each = left) {
    left = each->nextOfAll;
    pthread_join(each->thread, nullptr);
    destroy(*each);
  }
  MutexLock guard(mutex);
  closing = false;
}

CachedThread *ThreadCache::takeIdle() {
  CachedThread *thread = idle;
  if (!thread)
    return nullptr;
  idle = thread->next;
  --idleThreads;
  return thread;
}

bool ThreadCache::count() {
  if (threads >= limit)
    return false;
  ++threads;
  return true;
}

void ThreadCache::enter(CachedThread &self) {
  MutexLock guard(mutex);
  // Not by what has started it and must not touch it any more: it may be gone before pthread_create() returns.
  self.thread = pthread_self();
  self.nextOfAll = all;
  all = &self;
}

void ThreadCache::becomeIdle(CachedThread &self) {
  if (closing) {
    self.ends = true;
    self.parker.unpark();
    return;
  }
  self.next = idle;
  idle = &self;
  ++idleThreads;
}

bool ThreadCache::awaitWork(CachedThread &self) {
  if (!self.parker.park(idleNs)) {
    if (retire(self))
      return false;
    self.parker.park();
  }
  return !self.ends; // close() joins
}

/// Lets an idle thread that has waited too long go, which nobody joins. False if it has just been taken.
bool ThreadCache::retire(CachedThread &self) {
  {
    MutexLock guard(mutex);
    if (!remove(self, idle, &CachedThread::next))
      return false;
    remove(self, all, &CachedThread::nextOfAll);
    --idleThreads;
    --threads;
  }
  pthread_detach(self.thread);
  destroy(self);
  return true;
}

/// Takes a thread out of a list; false if it is not in it.
bool ThreadCache::remove(CachedThread &thread, CachedThread *&list, CachedThread *CachedThread::*next) {
  for (CachedThread **link = &list; *link; link = &((*link)->*next))
    if (*link == &thread) {
      *link = thread.*next;
      return true;
    }
  return false;
}

} // namespace flux
