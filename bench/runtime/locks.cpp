/// locks.cpp - taking and releasing a constraint's lock, beside the standard library's and pthreads'.
#include "core/context.h"
#include "core/locks/lock.h"
#include "core/model.h"
#include "core/os/futex.h"
#include "core/runtime.h"
#include "core/threads/source_threads.h"

#include <benchmark/benchmark.h>

#include <pthread.h>
#include <shared_mutex>

using namespace flux;

namespace {

/// A lock whose flows have a thread each, as in the model thread.
class FluxLock {
public:
  FluxLock() {
    static const Model threads = {.flows = {.park = parkThread, .unpark = unparkThread}};
    runtime.model = &threads;
    calibrateSpinning();
  }
  void lock(bool write) { lock_.acquire(self().waiter, modeOf(write)); }
  void unlock(bool write) { lock_.release(modeOf(write)); }

private:
  static flux_ir_mode modeOf(bool write) { return write ? FLUX_IR_WRITE : FLUX_IR_READ; }
  static Context &self() {
    static thread_local struct Self {
      Self() { context.held = &held; }
      Context context = {};
      Parker tail;
      Held held = {}; // who waits notes for which lock
    } self;
    return self.context;
  }
  Lock lock_;
};

/// The same between flows of one loop, which never meet inside a region that does not block.
class FluxLoopLock {
public:
  void lock(bool write) { lock_.acquire(waiter, write ? FLUX_IR_WRITE : FLUX_IR_READ); }
  void unlock(bool write) { lock_.release(write ? FLUX_IR_WRITE : FLUX_IR_READ); }

private:
  BasicLock<LoopSync> lock_;
  Waiter waiter;
};

class StdSharedMutex {
public:
  void lock(bool write) { write ? mutex.lock() : mutex.lock_shared(); }
  void unlock(bool write) { write ? mutex.unlock() : mutex.unlock_shared(); }

private:
  std::shared_mutex mutex;
};

/// The kind that lets no stream of readers starve a writer, which is what a constraint promises.
class PthreadRwlock {
public:
  PthreadRwlock() {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&rwlock, &attributes);
  }
  ~PthreadRwlock() { pthread_rwlock_destroy(&rwlock); }
  void lock(bool write) { write ? pthread_rwlock_wrlock(&rwlock) : pthread_rwlock_rdlock(&rwlock); }
  void unlock(bool) { pthread_rwlock_unlock(&rwlock); }

private:
  pthread_rwlock_t rwlock;
};

/// Every `state.range(0)`-th acquisition writes; a region is a few additions.
template <typename L> void takeAndRelease(benchmark::State &state) {
  static L lock;
  static uint64_t value;
  const auto period = static_cast<uint64_t>(state.range(0));
  uint64_t i = 0, seen = 0;
  for (auto _ : state) {
    const bool write = i++ % period == 0;
    lock.lock(write);
    if (write)
      ++value;
    else
      seen += value;
    lock.unlock(write);
  }
  benchmark::DoNotOptimize(seen);
}

#define FLUX_LOCK_BENCHMARK(TYPE, NAME)                                                                                \
  BENCHMARK(takeAndRelease<TYPE>)->Name("lock_write_uncontended/" NAME)->Arg(1);                                       \
  BENCHMARK(takeAndRelease<TYPE>)->Name("lock_read_uncontended/" NAME)->Arg(1 << 30);                                  \
  BENCHMARK(takeAndRelease<TYPE>)->Name("lock_write_2_threads/" NAME)->Arg(1)->Threads(2)->UseRealTime();              \
  BENCHMARK(takeAndRelease<TYPE>)->Name("lock_1_of_2_writes_2_threads/" NAME)->Arg(2)->Threads(2)->UseRealTime();      \
  BENCHMARK(takeAndRelease<TYPE>)->Name("lock_1_of_16_writes_2_threads/" NAME)->Arg(16)->Threads(2)->UseRealTime()

FLUX_LOCK_BENCHMARK(FluxLock, "flux");
FLUX_LOCK_BENCHMARK(StdSharedMutex, "std_shared_mutex");
FLUX_LOCK_BENCHMARK(PthreadRwlock, "pthread_rwlock");
BENCHMARK(takeAndRelease<FluxLoopLock>)->Name("lock_write_uncontended/flux_on_a_loop")->Arg(1);
BENCHMARK(takeAndRelease<FluxLoopLock>)->Name("lock_read_uncontended/flux_on_a_loop")->Arg(1 << 30);

} // namespace
