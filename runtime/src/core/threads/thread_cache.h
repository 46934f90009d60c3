/// thread_cache.h - threads that come with the work and stay for a while when there is none.
#ifndef FLUX_CORE_THREADS_THREAD_CACHE_H
#define FLUX_CORE_THREADS_THREAD_CACHE_H

#include "core/os/mutex.h"
#include "core/os/parker.h"

#include <pthread.h>
#include <stdint.h>

namespace flux {

/// One thread of a cache; the owner of the cache keeps what it works on behind it.
struct CachedThread {
  CachedThread *next = nullptr;      // among the idle
  CachedThread *nextOfAll = nullptr; // among all that have begun
  pthread_t thread = {};
  bool ends = false; // idle, it is not to wait any more
  Parker parker;
};

/// Threads that work for one owner. One that has nothing to do is kept for the next work, the latest first, and ends
/// when there has been none for a while, so that a busy server starts few threads and an idle one soon has none.
///
/// What the threads work on is the owner's, and so is the decision what becomes of work for which there is no thread.
/// Both are to be guarded by the cache's mutex: then no thread goes to sleep while work waits for one.
///
///   takeIdle() -> give it something -> wake()            a thread that is there
///   count() -> startThread(): enter(), work              a new one; uncount() if the system refuses it
///   becomeIdle() -> awaitWork() -> work, or return       on the thread, when it has done its work
class ThreadCache {
public:
  /// `destroy` frees the memory of a thread that has ended. Any thread.
  explicit constexpr ThreadCache(void (*destroy)(CachedThread &thread)) : destroy(destroy) {}
  ThreadCache(const ThreadCache &) = delete;
  ThreadCache &operator=(const ThreadCache &) = delete;

  /// Allows `limit` threads, each of which is kept for `idleNs` without work. Before anything else.
  void open(uint64_t limit, uint64_t idleNs) FLUX_EXCLUDES(mutex);

  /// Ends all threads and waits for them; those at work end when they have done it. No work is given meanwhile. The
  /// cache may be opened again.
  void close() FLUX_EXCLUDES(mutex);

  /// Takes an idle thread, or returns null. What it is given is followed by wake().
  CachedThread *takeIdle() FLUX_REQUIRES(mutex);
  static void wake(CachedThread &thread) { thread.parker.unpark(); }

  /// Counts a thread that is about to be started, unless there are as many as there may be. uncount() takes it back.
  bool count() FLUX_REQUIRES(mutex);
  void uncount() FLUX_REQUIRES(mutex) { --threads; }

  /// The first that a thread does.
  void enter(CachedThread &self) FLUX_EXCLUDES(mutex);

  /// The thread has nothing to do. It calls awaitWork() as soon as it has given the mutex back.
  void becomeIdle(CachedThread &self) FLUX_REQUIRES(mutex);

  /// Waits until the thread is woken; it has been given something then. False when it shall return at once, and leave
  /// `self` alone.
  bool awaitWork(CachedThread &self) FLUX_EXCLUDES(mutex);

  /// How many threads there are, and how many of them are idle.
  uint64_t numThreads() const FLUX_REQUIRES(mutex) { return threads; }
  uint64_t numIdle() const FLUX_REQUIRES(mutex) { return idleThreads; }

  /// Calls `f(thread)` for every thread that has begun and not ended.
  template <typename F> void forEach(F f) FLUX_REQUIRES(mutex) {
    for (CachedThread *each = all; each; each = each->nextOfAll)
      f(*each);
  }

  Mutex mutex;

private:
  bool retire(CachedThread &self) FLUX_EXCLUDES(mutex);
  static bool remove(CachedThread &thread, CachedThread *&list, CachedThread *CachedThread::*next);

  void (*const destroy)(CachedThread &thread);
  uint64_t idleNs = 0;
  uint64_t limit FLUX_GUARDED_BY(mutex) = 0;
  uint64_t threads FLUX_GUARDED_BY(mutex) = 0;
  uint64_t idleThreads FLUX_GUARDED_BY(mutex) = 0;
  CachedThread *idle FLUX_GUARDED_BY(mutex) = nullptr;
  CachedThread *all FLUX_GUARDED_BY(mutex) = nullptr;
  bool closing FLUX_GUARDED_BY(mutex) = false;
};

} // namespace flux

#endif // FLUX_CORE_THREADS_THREAD_CACHE_H
