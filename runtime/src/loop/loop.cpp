#include "loop/loop.h"

#include "core/log.h"
#include "core/os/clock.h"
#include "posix/parking.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

namespace flux {

namespace {

/// How long the loop has to be idle before it gives stacks back, and how many fibers it keeps then.
constexpr uint64_t kTrimNs = kNsPerSecond;
constexpr uint64_t kKeptFibers = 32;

/// How much it runs between two looks at the reactor, each of which is a system call, unless it runs dry before.
constexpr uint64_t kBetweenLooks = 64;

/// How often it tries again to make a fiber.
constexpr uint64_t kRetryNs = 10 * kNsPerMs;

thread_local Loop *parkable = nullptr;

/// The loop whose job a signal handler has interrupted, and the signal that is blocked until it is left, or 0.
thread_local Loop *interrupted = nullptr;
thread_local int handled = 0;

/// Whether a signal handler that has interrupted a job of this thread still runs.
bool isInHandler() {
  sigset_t blocked;
  return handled == 0 || (pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0 && sigismember(&blocked, handled));
}

/// The thread runs no job from here on.
void leaveJob() {
  parkable = nullptr;
  interrupted = nullptr;
}

/// The loops that are open, for descriptors that are closed elsewhere. More than there is room for do not learn of
/// that.
constexpr size_t kMaxLoops = 1024;
std::atomic<Loop *> loops[kMaxLoops];
std::atomic<size_t> numPlaces{0}; // which have been used so far

/// How many threads without a loop look at the loops: the program's own, which may do so while loops are closed. Those
/// with loops, and their helpers, have ended by then.
std::atomic<unsigned> strangers{0};

class Look {
public:
  Look() {
    if (!parkable)
      strangers.fetch_add(1, std::memory_order_seq_cst); // see delist()
  }
  ~Look() {
    // Release: the loop is closed after what was done to it.
    if (!parkable)
      strangers.fetch_sub(1, std::memory_order_release);
  }
  Look(const Look &) = delete;
  Look &operator=(const Look &) = delete;
};

void enlist(Loop *loop) {
  for (size_t i = 0; i < kMaxLoops; ++i) {
    Loop *none = nullptr;
    // Release: who finds the loop sees it open.
    if (!loops[i].compare_exchange_strong(none, loop, std::memory_order_release, std::memory_order_relaxed))
      continue;
    size_t places = numPlaces.load(std::memory_order_relaxed);
    while (places <= i && !numPlaces.compare_exchange_weak(places, i + 1, std::memory_order_relaxed)) {
    }
    return;
  }
}

void delist(Loop *loop) {
  // Sequentially consistent, here and in closedElsewhere(): either a stranger does not find the loop, or it is seen
  // here that he looks.
  for (std::atomic<Loop *> &place : loops) {
    Loop *expected = loop;
    if (place.compare_exchange_strong(expected, nullptr, std::memory_order_seq_cst))
      break;
  }
  while (strangers.load(std::memory_order_seq_cst) != 0)
    sched_yield();
}

/// In a forked child nobody runs the loop, and what it tells the reactor's epoll would reach the parent's.
void leaveLoop() {
  leaveJob();
  numPlaces.store(0, std::memory_order_relaxed);
  strangers.store(0, std::memory_order_relaxed); // who looked is not there
}

void logStarved(int error) {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("cannot make another fiber, so flows wait: %s; lower --flux-max-flows or --flux-stack-size",
               strerror(error));
}

} // namespace

Loop *Loop::current() {
  if (interrupted && !isInHandler()) {
    parkable = interrupted;
    interrupted = nullptr;
  }
  return parkable;
}

// A handler that interrupts this one finds no job, so it changes nothing.
Interruption::Interruption(int blocked) : loop(parkable) {
  if (!loop)
    return;
  parkable = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  handled = blocked;
  interrupted = loop;
}

Interruption::~Interruption() {
  // A child that the handler has forked has left the loop.
  if (!loop || !interrupted)
    return;
  interrupted = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  parkable = loop;
}

void Loop::closedElsewhere(int fd) {
  const Look look;
  const size_t places = numPlaces.load(std::memory_order_relaxed);
  for (size_t i = 0; i < places; ++i) {
    // Sees an open loop; see delist(), too.
    Loop *loop = loops[i].load(std::memory_order_seq_cst);
    if (loop && loop != parkable)
      loop->reactor.closedElsewhere(fd);
  }
}

bool Loop::open(Io io, size_t stackBytes, uint64_t maxJobs, void (*poked)(void *), void *pokedOwner) {
  stackSize = stackBytes;
  onPoke = poked;
  owner = pokedOwner;
  uint64_t capacity = 1;
  while (capacity < maxJobs)
    capacity *= 2;
  jobsMask = capacity - 1;
  jobs = static_cast<Job *>(malloc(capacity * sizeof(Job)));
  pthread_atfork(nullptr, nullptr, leaveLoop);
  const auto resumeFiber = [](void *loop, Fiber &fiber) { static_cast<Loop *>(loop)->resume(fiber); };
  // The first fiber works, the second is in reserve for it.
  if (!jobs || !reactor.open(io, resumeFiber, this) || !addFiber() || !addFiber())
    return false;
  enlist(this);
  return true;
}

void Loop::close() {
  delist(this);
  while (idle)
    destroyFiber(&takeIdle());
  reactor.close();
  free(jobs);
}

bool Loop::run() {
  if (!reactor.attach())
    return false;
  adoptThread(root, thread);
  running = &root;
  switchTo(takeIdle());
  return true;
}

void Loop::quit() {
  // Release: what happened before is seen by those who come back from run().
  quitting.store(true, std::memory_order_release);
  poke();
}

void Loop::poke() {
  // Acquire and release: who takes the mark away sees what all have done who set it or found it set.
  if (poked.exchange(true, std::memory_order_seq_cst))
    return;
  // Sequentially consistent, here and in look(): both sides write their flag before they read the other's, so that
  // either the loop sees the mark before it sleeps, or it is seen here that it sleeps.
  if (asleep.load(std::memory_order_seq_cst))
    reactor.poke();
}

void Loop::post(Job job) { jobs[endJob++ & jobsMask] = job; }

void Loop::enter(void *loop) { static_cast<Loop *>(loop)->work(); }

void Loop::work() {
  for (;;) {
    if (quitting.load(std::memory_order_acquire)) {
      becomeIdle();
      switchTo(root);
    } else if (fibersLeft > 0) {
      --fibersLeft;
      becomeIdle();
      switchTo(ready.pop());
    } else if (jobsLeft > 0 && reserve()) {
      runNextJob();
    } else {
      beginTurn();
    }
  }
}

void Loop::beginTurn() {
  const bool nothing = ready.empty() && (firstJob == endJob || starved);
  if (nothing || sinceLook >= kBetweenLooks)
    look(nothing ? sleepLimit() : 0);
  answerPokes();
  fibersLeft = ready.size();
  jobsLeft = endJob - firstJob;
  sinceLook += fibersLeft + jobsLeft;
  if (nothing && fibersLeft == 0 && jobsLeft == 0 && untrimmed)
    trim();
}

/// Learns what has happened outside, having slept for at most `timeoutNs` until something does.
void Loop::look(uint64_t timeoutNs) {
  sinceLook = 0;
  if (timeoutNs > 0) {
    asleep.store(true, std::memory_order_seq_cst);
    if (poked.load(std::memory_order_seq_cst))
      timeoutNs = 0;
  }
  if (timeoutNs > 0)
    activity.sleep();
  reactor.poll(timeoutNs);
  if (timeoutNs > 0)
    activity.wake();
  // Relaxed: too late it costs a poke a system call.
  asleep.store(false, std::memory_order_relaxed);
}

/// Does what others have asked for.
void Loop::answerPokes() {
  // Relaxed: the exchange looks again.
  if (!poked.load(std::memory_order_relaxed) || !poked.exchange(false, std::memory_order_acquire))
    return;
  permitRemote();
  onPoke(owner);
}

uint64_t Loop::sleepLimit() {
  if (starved)
    return kRetryNs;
  return untrimmed ? kTrimNs : kNever;
}

/// Sees to it that a job finds a fiber to leave the work to.
bool Loop::reserve() {
  starved = !idle && !addFiber();
  if (starved) {
    logStarved(errno);
    jobsLeft = 0;
  }
  return !starved;
}

void Loop::runNextJob() {
  --jobsLeft;
  const Job job = jobs[firstJob++ & jobsMask];
  activity.begin();
  parkable = this;
  job.run(job.argument);
  leaveJob();
}

bool Loop::addFiber() {
  Fiber *fiber = createFiber(stackSize, enter, this);
  if (!fiber)
    return false;
  fiber->next = idle;
  idle = fiber;
  // Relaxed, here and below: figures, which order nothing; one thread writes them.
  numFibers.fetch_add(1, std::memory_order_relaxed);
  numIdle.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Loop::becomeIdle() {
  running->next = idle;
  idle = running;
  untrimmed = true;
  numIdle.store(numIdle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

Fiber &Loop::takeIdle() {
  Fiber &fiber = *idle;
  idle = fiber.next;
  numIdle.store(numIdle.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  return fiber;
}

void Loop::switchTo(Fiber &to) {
  Fiber &from = *running;
  Context *context = currentContext();
  Loop *wasParkable = current();
  leaveJob(); // `to` enters its own if it goes on with one
  running = &to;
  activity.begin();
  switchFiber(from, to);
  parkable = wasParkable;
  setCurrentContext(context);
}

void Loop::suspend() {
  if (fibersLeft > 0) {
    --fibersLeft;
    switchTo(ready.pop());
  } else {
    switchTo(takeIdle());
  }
}

void Loop::yield() {
  resume(*running);
  suspend();
}

void Loop::park() {
  if (!running->permitted) {
    running->parked = true;
    suspend();
  }
  running->permitted = false;
}

void Loop::permit(Fiber &fiber) {
  fiber.permitted = true;
  if (!fiber.parked)
    return;
  fiber.parked = false;
  resume(fiber);
}

void Loop::permitFromElsewhere(Fiber &fiber) {
  Fiber *before = remote.load(std::memory_order_relaxed);
  do {
    fiber.nextRemote = before;
    // Release: what the caller did before is seen by the fiber.
  } while (!remote.compare_exchange_weak(before, &fiber, std::memory_order_release, std::memory_order_relaxed));
  // From here on the fiber may run, and be permitted again. Whoever came first has poked, or is about to.
  if (!before)
    poke();
}

void Loop::permitRemote() {
  // Acquire: pairs with permitFromElsewhere().
  Fiber *list = remote.exchange(nullptr, std::memory_order_acquire);
  while (Fiber *fiber = list) {
    list = fiber->nextRemote;
    permit(*fiber);
  }
}

Outcome Loop::await(DescriptorWait *descriptors, size_t count, uint64_t deadline) {
  if (!mayPark())
    return awaitOnThread(descriptors, count, deadline);
  Wait wait;
  wait.fiber = running;
  if (!reactor.add(wait, descriptors, count, deadline))
    return wait.outcome;
  running->wait = &wait;
  suspend();
  running->wait = nullptr;
  reactor.remove(wait, descriptors, count);
  return wait.outcome;
}

void Loop::interrupt(Fiber &fiber) {
  if (fiber.wait)
    reactor.complete(*fiber.wait, Outcome::Interrupted);
}

void Loop::trim() {
  untrimmed = false;
  uint64_t kept = 0;
  Fiber *last = nullptr;
  for (Fiber *fiber = idle; fiber && kept < kKeptFibers; fiber = fiber->next, ++kept) {
    trimFiber(*fiber);
    last = fiber;
  }
  if (!last)
    return;
  Fiber *surplus = last->next;
  last->next = nullptr;
  while (Fiber *fiber = surplus) {
    surplus = fiber->next;
    destroyFiber(fiber);
    numFibers.fetch_sub(1, std::memory_order_relaxed);
    numIdle.fetch_sub(1, std::memory_order_relaxed);
  }
}

Loop::Figures Loop::figures() const {
  return {numFibers.load(std::memory_order_relaxed), numIdle.load(std::memory_order_relaxed)};
}

} // namespace flux
