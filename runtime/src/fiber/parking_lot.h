/// parking_lot.h - where flows, and threads of the program, wait for what an address stands for: a lock, a condition, a
/// number. Nothing is kept in what they wait for, so it may be anybody's object, and be gone when the wake-up comes.
///
/// The idea is WebKit's (WTF::ParkingLot; B. Alexander and F. Pizlo call it so), after the kernel's futexes: a fixed
/// table of buckets, found by the address, with a queue of those who wait.
#ifndef FLUX_FIBER_PARKING_LOT_H
#define FLUX_FIBER_PARKING_LOT_H

#include "core/os/cache_line.h"
#include "core/os/mutex.h"
#include "fiber/scheduler.h"

#include <atomic>
#include <semaphore.h>
#include <stdint.h>

namespace flux {

/// Someone who waits: the flow that the calling thread runs, else the thread. On his stack; he alone uses it, but for
/// what the bucket guards.
struct Waiting {
  explicit Waiting(const void *address, uint32_t kind = 0)
      : address(address), kind(kind), scheduler(Scheduler::current()) {
    if (scheduler)
      fiber = &scheduler->fiber();
    else
      sem_init(&thread, 0, 0);
  }
  Waiting(const Waiting &) = delete;
  Waiting &operator=(const Waiting &) = delete;

  const void *const address;
  const uint32_t kind;        // what of it, as those who wait and wake agree
  Scheduler *const scheduler; // of the flow; null for a thread
  Fiber *fiber = nullptr;
  sem_t thread;
  bool insists =
      false; // he has been woken in vain: he stays in the queue while he tries, so that newcomers let him go first
  bool isForMutex = false; // the address is one of the program's
  bool isFinal = false;    // he does not look whether what he waits for is so when he is woken
  // Guarded by the bucket.
  bool isQueued = false;
  bool isWoken = false; // since he has joined the queue
  bool isOwed = false;  // the end of a sleep, which is on its way; his own when it has come
  Waiting *previous = nullptr;
  Waiting *next = nullptr;
  Waiting *nextWoken = nullptr;
};

/// The queue of all that wait for one of several addresses.
struct alignas(kCacheLine) Bucket {
  Mutex mutex;
  std::atomic<uint32_t> numWaiting{0};
  Waiting *first FLUX_GUARDED_BY(mutex) = nullptr;
  Waiting *last FLUX_GUARDED_BY(mutex) = nullptr;
};

constexpr unsigned kBucketBits = 10;
extern constinit Bucket buckets[size_t(1) << kBucketBits];

inline Bucket &bucketOf(const void *address) {
  // Fibonacci hashing; the lowest bits of an object's address are zero.
  const uint64_t mixed = (reinterpret_cast<uintptr_t>(address) >> 3) * 0x9E3779B97F4A7C15;
  return buckets[mixed >> (64 - kBucketBits)];
}

/// Holds a bucket for a scope. What wakes may be called by a signal handler that interrupts it, whose wake-up is made
/// up for at its end.
class FLUX_SCOPED_CAPABILITY HeldBucket {
public:
  explicit HeldBucket(Bucket &bucket) FLUX_ACQUIRE(bucket.mutex);
  ~HeldBucket() FLUX_RELEASE();
  HeldBucket(const HeldBucket &) = delete;
  HeldBucket &operator=(const HeldBucket &) = delete;

private:
  Bucket &bucket;
};

/// Joins the queue, if he is not in it, to be woken from now on: at its end, or in front for one who insists.
void enqueue(Bucket &bucket, Waiting &who) FLUX_REQUIRES(bucket.mutex);

/// Takes somebody out of the queue.
void dequeue(Bucket &bucket, Waiting &who) FLUX_REQUIRES(bucket.mutex);

/// The first of those that wait for the address and answer `isMeant`, or null.
template <typename F> Waiting *findWaiting(Bucket &bucket, const void *address, F isMeant) FLUX_REQUIRES(bucket.mutex) {
  for (Waiting *each = bucket.first; each; each = each->next)
    if (each->address == address && isMeant(*each))
      return each;
  return nullptr;
}

template <typename F> [[gnu::noinline]] bool isAwaitedIn(Bucket &bucket, const void *address, F isMeant) {
  const HeldBucket held(bucket);
  return findWaiting(bucket, address, isMeant) != nullptr;
}

/// Whether somebody waits for the address who answers `isMeant`. Others come and go meanwhile.
template <typename F> bool isAwaited(const void *address, F isMeant) {
  Bucket &bucket = bucketOf(address);
  return __builtin_expect(bucket.numWaiting.load(std::memory_order_relaxed) != 0, 0) &&
         isAwaitedIn(bucket, address, isMeant);
}

/// Blocks the flow or thread, which has been queued, until it is woken, until the deadline, or, Interrupted, until
/// Scheduler::interrupt(). Ready if it has been woken, even if something else has come as well. A thread may be
/// cancelled in it (see callGuarded() in core/os/guarded_call.h); then it is to be taken out of the queue.
Outcome awaitWaking(Waiting &who, uint64_t deadline);

/// Ends the waiting of one who does not need to any more, whether or not he has been woken meanwhile.
void stopWaiting(Waiting &who);

/// Those that are to go on, taken out of their queue unless they insist. Wakes them at its end, outside of the bucket.
class Woken {
public:
  Woken() = default;
  ~Woken();
  Woken(const Woken &) = delete;
  Woken &operator=(const Woken &) = delete;
  void add(Bucket &bucket, Waiting &who) FLUX_REQUIRES(bucket.mutex);

private:
  Waiting *first = nullptr;
  Waiting **end = &first;
};

/// Whether somebody may wait for the address. Called after what lets him go on: either this sees him, or he sees that.
/// `isFenced` says that what lets him go on has ended with an atomic read-modify-write, which on x86 is a fence.
inline bool mayBeAwaited(const void *address, bool isFenced) {
#if defined(__x86_64__)
  if (isFenced)
    std::atomic_signal_fence(std::memory_order_seq_cst);
  else
#else
  (void)isFenced;
#endif
    std::atomic_thread_fence(std::memory_order_seq_cst);
  return bucketOf(address).numWaiting.load(std::memory_order_relaxed) != 0;
}

/// Wakes up to `most` of those that wait for the address and answer `isMeant`, in their order, and returns how many.
/// Any thread, also a signal handler; never blocks for long.
template <typename F> uint64_t wake(const void *address, uint64_t most, F isMeant);

inline uint64_t wake(const void *address, uint64_t most) {
  return wake(address, most, [](const Waiting &) { return true; });
}

constexpr uint64_t kEverybody = UINT64_MAX;

inline bool insistsOn(const Waiting &who, uint32_t kind) { return who.insists && who.kind == kind; }

/// Whether somebody waits for this whom newcomers of his kind let go first: he has been woken once and found somebody
/// else there. So none waits for ever while others come and go, and most of the time nobody waits for one that sleeps.
inline bool isOthersTurn(const void *address, uint32_t kind) {
  return isAwaited(address, [=](const Waiting &who) { return insistsOn(who, kind); });
}

/// In a forked child nobody waits.
void forgetWaiting();

/// How often forgetWaiting() has been called in this process and those that it comes from.
uint32_t forkGeneration();

/// If a signal handler has interrupted this thread while it held a bucket, notes that somebody is to be woken when it
/// gives the bucket back, and returns true.
bool deferWaking();

template <typename F> uint64_t wake(const void *address, uint64_t most, F isMeant) {
  Bucket &bucket = bucketOf(address);
  if (bucket.numWaiting.load(std::memory_order_relaxed) == 0 || deferWaking())
    return 0;
  Woken woken;
  const HeldBucket held(bucket);
  uint64_t count = 0;
  for (Waiting *each = bucket.first; each && count < most;) {
    Waiting *next = each->next;
    if (each->address == address && !each->isWoken && isMeant(*each)) {
      woken.add(bucket, *each);
      ++count;
    }
    each = next;
  }
  return count;
}

} // namespace flux

#endif // FLUX_FIBER_PARKING_LOT_H
