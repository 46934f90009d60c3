#include "fiber/scheduler.h"

#include "core/os/real.h"
#include "core/server/signals.h"
#include "fiber/parking_lot.h"
#include "fiber/registry.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>

namespace flux {

namespace {

/// The wait of a fiber; on its stack.
struct FiberWait : Wait {
  Fiber *fiber;
};

void resumeWaiting(void *scheduler, Wait &wait) {
  static_cast<Scheduler *>(scheduler)->resume(*static_cast<FiberWait &>(wait).fiber);
}

} // namespace

/// In a forked child nobody goes on with the job's scheduler.
void Scheduler::leaveAll() {
  leaveJob();
  forgetSchedulers();
  forgetWaiting();
}

bool Scheduler::openFibers(Poller &poller, StackSource &stacks, size_t stackSize, void (*body)(void *),
                           void *argument) {
  pthread_atfork(nullptr, nullptr, leaveAll);
  pool.open(stacks, stackSize, body, argument);
  // The first fiber works, the second is in reserve for it.
  if (!reactor.open(poller, resumeWaiting, this) || !pool.add() || !pool.add())
    return false;
  enlist(*this);
  return true;
}

void Scheduler::closeFibers() {
  delist(*this);
  pool.close();
  reactor.close();
}

bool Scheduler::enter() {
  if (!reactor.attach())
    return false;
  threadId = gettid();
  adoptThread(root, thread);
  running = &root;
  leaveIdle(pool.take());
  return true;
}

/// Goes on with `to`. The running fiber has no job.
void Scheduler::leaveIdle(Fiber &to) {
  Fiber &from = *running;
  running = &to;
  switchIdleFiber(from, to);
}

void Scheduler::leave() {
  pool.put(*running);
  leaveIdle(root);
}

Fiber &Scheduler::nextReady() {
  --fibersLeft;
  --numReady;
  return policy ? policy->take() : inTurn.pop();
}

void Scheduler::runNext() {
  pool.put(*running);
  leaveIdle(nextReady());
}

void Scheduler::poke() {
  // Acquire and release: the scheduler, taking the mark away, sees what every poker did that set it or found it set.
  if (poked.exchange(true, std::memory_order_seq_cst))
    return;
  // Sequentially consistent, here and in look(): both sides write their flag before they read the other's, so that
  // either the scheduler sees the mark before it sleeps, or it is seen here that it sleeps.
  if (asleep.load(std::memory_order_seq_cst))
    reactor.poke();
}

void Scheduler::awaitUnused(int fd) const {
  // How often it looks before it gives its processor away, and how often before it interrupts.
  constexpr unsigned kSpins = 100, kYields = 1000;
  if (!reactor.used.has(fd) || threadId == gettid())
    return;
  for (unsigned looks = 1; reactor.used.has(fd); ++looks) {
    if (looks > kSpins)
      real::sched_yield();
    if (looks % kYields == 0)
      interruptUse();
  }
}

/// Ends a system call of the thread that waits, which happens when somebody else has been quicker (see Blocking calls
/// in docs/WritingNodes.md). The number and not the handle: the thread may just have ended.
void Scheduler::interruptUse() const {
  const int saved = errno;
  syscall(SYS_tgkill, getpid(), threadId, kInterruptSignal);
  errno = saved;
}

void Scheduler::look(uint64_t timeoutNs) {
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

bool Scheduler::takePokes() {
  if (!poked.exchange(false, std::memory_order_acquire))
    return false;
  permitRemote();
  return true;
}

void Scheduler::suspend(WaitsFor what, int64_t which) {
  const FlowAway away(what, which);
  Scheduler *job = current();
  leaveJob(); // the next fiber enters its own if it goes on with one
  Fiber &from = *running;
  running = fibersLeft > 0 ? &nextReady() : &pool.take();
  switchFiber(from, *running);
  currentJob.scheduler = job;
  activity.begin();
}

void Scheduler::yield() {
  resume(*running);
  suspend();
}

void Scheduler::park() {
  if (!running->permitted) {
    running->parked = true;
    suspend();
  }
  running->permitted = false;
}

void Scheduler::permit(Fiber &fiber) {
  fiber.permitted = true;
  if (!fiber.parked)
    return;
  fiber.parked = false;
  if (fiber.wait)
    reactor.complete(*fiber.wait, Outcome::Ready);
  else
    resume(fiber);
}

Outcome Scheduler::park(uint64_t deadline, WaitsFor what, int64_t which) {
  FiberWait wait = {{}, running};
  if (!running->permitted && reactor.add(wait, nullptr, 0, deadline)) {
    running->parked = true;
    running->wait = &wait;
    suspend(what, which);
    running->wait = nullptr;
    running->parked = false;
    reactor.remove(wait, nullptr, 0);
  }
  const bool permitted = running->permitted;
  running->permitted = false;
  return permitted ? Outcome::Ready : wait.outcome;
}

void Scheduler::permitFromElsewhere(Fiber &fiber) {
  Fiber *before = remote.load(std::memory_order_relaxed);
  do {
    fiber.nextRemote = before;
    // Release: what the caller did before is seen by the fiber.
  } while (!remote.compare_exchange_weak(before, &fiber, std::memory_order_release, std::memory_order_relaxed));
  // From here on the fiber may run, and be permitted again. Whoever came first has poked, or is about to.
  if (!before)
    poke();
}

void Scheduler::permitRemote() {
  // Acquire: pairs with permitFromElsewhere().
  Fiber *list = remote.exchange(nullptr, std::memory_order_acquire);
  while (Fiber *fiber = list) {
    list = fiber->nextRemote;
    permit(*fiber);
  }
}

/// What is noted of a wait for one descriptor.
static int64_t noteOf(const DescriptorWait &wait) {
  return static_cast<int64_t>(wait.events) << 32 | static_cast<uint32_t>(wait.fd);
}

Outcome Scheduler::await(DescriptorWait *descriptors, size_t count, uint64_t deadline) {
  FiberWait wait = {{}, running};
  if (!reactor.add(wait, descriptors, count, deadline))
    return wait.outcome;
  const bool lasts = deadline == kNever && count == 1;
  running->wait = &wait;
  suspend(lasts ? WaitsFor::Descriptor : WaitsFor::Time, lasts ? noteOf(*descriptors) : 0);
  running->wait = nullptr;
  reactor.remove(wait, descriptors, count);
  return wait.outcome;
}

void Scheduler::interrupt(Fiber &fiber) {
  if (fiber.wait)
    reactor.complete(*fiber.wait, Outcome::Interrupted);
}

} // namespace flux
