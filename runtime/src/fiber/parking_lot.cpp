#include "fiber/parking_lot.h"

#include "core/os/clock.h"
#include "core/os/real.h"
#include "fiber/registry.h"

#include <errno.h>
#include <new>

namespace flux {

constinit Bucket buckets[size_t(1) << kBucketBits];

namespace {

/// What this thread does with buckets, as a signal handler on it sees it.
thread_local bool holdsBucket = false;
thread_local bool hasMissed = false; // a handler had somebody to wake meanwhile

uint32_t generation = 0;

void wakeAll(Bucket &bucket) {
  Woken woken;
  const HeldBucket held(bucket);
  for (Waiting *each = bucket.first; each;) {
    Waiting *next = each->next;
    if (!each->isFinal && !each->isWoken)
      woken.add(bucket, *each);
    each = next;
  }
}

} // namespace

HeldBucket::HeldBucket(Bucket &bucket) : bucket(bucket) {
  holdsBucket = true;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  bucket.mutex.lock();
}

HeldBucket::~HeldBucket() {
  bucket.mutex.unlock();
  std::atomic_signal_fence(std::memory_order_seq_cst);
  holdsBucket = false;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (!hasMissed)
    return;
  // Rare, so everybody looks again for himself.
  hasMissed = false;
  for (Bucket &each : buckets)
    if (each.numWaiting.load(std::memory_order_relaxed) != 0)
      wakeAll(each);
}

bool deferWaking() {
  if (!holdsBucket)
    return false;
  hasMissed = true;
  return true;
}

void enqueue(Bucket &bucket, Waiting &who) {
  who.isWoken = false;
  if (!who.isQueued) {
    Waiting *after = who.insists ? nullptr : bucket.last;
    who.previous = after;
    who.next = after ? nullptr : bucket.first;
    (after ? after->next : bucket.first) = &who;
    (who.next ? who.next->previous : bucket.last) = &who;
    who.isQueued = true;
    // Relaxed: the fence orders it.
    bucket.numWaiting.fetch_add(1, std::memory_order_relaxed);
  }
  // With what stands in mayBeAwaited(): who joins looks at the object afterwards.
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void dequeue(Bucket &bucket, Waiting &who) {
  (who.previous ? who.previous->next : bucket.first) = who.next;
  (who.next ? who.next->previous : bucket.last) = who.previous;
  who.isQueued = false;
  // Relaxed: too late it costs a look at the queue.
  bucket.numWaiting.fetch_sub(1, std::memory_order_relaxed);
}

/// Sleeps until Woken's end, or until the deadline.
static Outcome sleepFor(Waiting &who, uint64_t deadline) {
  if (who.scheduler) {
    const WaitsFor what = deadline != kNever ? WaitsFor::Time : who.isForMutex ? WaitsFor::Mutex : WaitsFor::Flow;
    return who.scheduler->park(deadline, what, static_cast<int64_t>(reinterpret_cast<uintptr_t>(who.address)));
  }
  const timespec until = toTimespec(deadline);
  const int saved = errno;
  int result;
  do
    result =
        deadline == kNever ? real::sem_wait(&who.thread) : real::sem_clockwait(&who.thread, CLOCK_MONOTONIC, &until);
  while (result != 0 && errno == EINTR);
  errno = saved;
  return result == 0 ? Outcome::Ready : Outcome::TimedOut;
}

Outcome awaitWaking(Waiting &who, uint64_t deadline) {
  const Outcome outcome = sleepFor(who, deadline);
  if (outcome != Outcome::Ready) {
    Bucket &bucket = bucketOf(who.address);
    const HeldBucket held(bucket);
    if (!who.isOwed) {
      dequeue(bucket, who);
      return outcome;
    }
  }
  if (outcome != Outcome::Ready)
    sleepFor(who, kNever); // the waker has come to the queue first
  who.isOwed = false;
  return Outcome::Ready;
}

void stopWaiting(Waiting &who) {
  {
    Bucket &bucket = bucketOf(who.address);
    const HeldBucket held(bucket);
    if (who.isQueued)
      dequeue(bucket, who);
    if (!who.isOwed)
      return;
  }
  sleepFor(who, kNever);
  who.isOwed = false;
}

void Woken::add(Bucket &bucket, Waiting &who) {
  if (!who.insists)
    dequeue(bucket, who);
  who.isWoken = who.isOwed = true;
  who.nextWoken = nullptr;
  *end = &who;
  end = &who.nextWoken;
}

Woken::~Woken() {
  if (!first)
    return;
  const SchedulerLook look;
  Scheduler *here = Scheduler::current();
  while (Waiting *who = first) {
    first = who->nextWoken; // once woken, he may be gone
    if (!who->scheduler)
      real::sem_post(&who->thread);
    else if (who->scheduler == here)
      here->permit(*who->fiber);
    else
      who->scheduler->permitFromElsewhere(*who->fiber);
  }
}

uint32_t forkGeneration() { return generation; }

void forgetWaiting() {
  ++generation;
  holdsBucket = hasMissed = false;
  for (Bucket &bucket : buckets)
    new (&bucket) Bucket();
}

} // namespace flux
