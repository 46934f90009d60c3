#include "fiber/own_mask.h"

#include "core/os/real.h"

#include <string.h>
#include <sys/syscall.h>

namespace flux {

namespace {

/// How many flows mean each of the signals.
class SignalCounts {
public:
  /// Those that somebody means.
  uint64_t any() const { return bits; }

  void add(uint64_t signals) {
    bits |= signals;
    for (; signals; signals &= signals - 1)
      ++counts[__builtin_ctzll(signals)];
  }
  void remove(uint64_t signals) {
    for (; signals; signals &= signals - 1)
      if (--counts[__builtin_ctzll(signals)] == 0)
        bits &= ~(signals & -signals);
  }

private:
  uint64_t bits = 0;
  uint32_t counts[64] = {};
};

/// What the mask of a thread is made of that runs flows.
struct ThreadMask {
  uint64_t base = 0;    // the thread's own; known while flows have theirs
  unsigned numOwn = 0;  // flows that do
  SignalCounts blocked; // by those flows, and not in `base`
  SignalCounts awaited; // see AwaitedSignals
  uint64_t held = 0;    // of those that are blocked: what is pending for the thread

  uint64_t forOthers() const { return base | held | awaited.any(); }
};
constinit thread_local ThreadMask thread;

/// Sets the thread's mask, and returns the one before.
uint64_t setMask(uint64_t bits) {
  sigset_t set, before;
  sigemptyset(&set);
  memcpy(&set, &bits, sizeof bits);
  real::pthread_sigmask(SIG_SETMASK, &set, &before);
  return bitsOf(before);
}

/// Of `signals`, which are blocked, those that are pending for the thread and not for the process. Drops them but for
/// those that are to be `kept`. The kernel tells them apart only by giving them out.
uint64_t sortPending(uint64_t signals, uint64_t kept) {
  sigset_t pending;
  sigpending(&pending);
  uint64_t held = 0;
  for (uint64_t left = bitsOf(pending) & signals; left; left &= left - 1) {
    const uint64_t signal = left & -left;
    const int number = __builtin_ctzll(signal) + 1;
    siginfo_t info;
    const timespec now = {};
    // Not libc's, which says of both that they are for the process.
    if (real::syscall(SYS_rt_sigtimedwait, &signal, &info, &now, sizeof signal) != number)
      continue;
    if (info.si_code != SI_TKILL) {
      real::syscall(SYS_rt_sigqueueinfo, getpid(), number, &info);
    } else if (kept & signal) {
      real::syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), number, &info);
      held |= signal;
    }
  }
  return held;
}

} // namespace

/// The kernel's part of a set, in which libc leaves room for more.
uint64_t bitsOf(const sigset_t &set) {
  uint64_t bits;
  memcpy(&bits, &set, sizeof bits);
  return bits;
}

uint64_t threadSignals() {
  if (thread.numOwn > 0)
    return thread.base;
  sigset_t found;
  real::pthread_sigmask(SIG_BLOCK, nullptr, &found);
  return bitsOf(found);
}

void OwnMask::begin() {
  thread.base = threadSignals();
  ++thread.numOwn;
  mask = thread.base;
}

void OwnMask::set(uint64_t blocked) {
  const uint64_t before = mask & ~thread.base, now = blocked & ~thread.base;
  thread.blocked.add(now & ~before);
  thread.blocked.remove(before & ~now);
  mask = blocked;
}

void OwnMask::change(uint64_t blocked) {
  const uint64_t before = mask;
  set(blocked);
  thread.held &= thread.blocked.any() & ~(before & ~blocked); // what the flow lets through is delivered
  setMask(mask | thread.held);
}

void OwnMask::end() {
  set(thread.base);
  --thread.numOwn;
  if ((thread.held & ~thread.blocked.any()) == 0)
    return;
  thread.held = sortPending(thread.held, thread.blocked.any());
  setMask(thread.forOthers());
}

bool OwnMask::putAway() {
  const uint64_t others = thread.held & ~mask;
  thread.held = sortPending(thread.blocked.any(), thread.blocked.any());
  set(setMask(thread.forOthers()) & ~others);
  return mask != thread.base;
}

void OwnMask::bringBack() const { setMask(mask | thread.held); }

AwaitedSignals::AwaitedSignals(uint64_t signals) : signals(signals) { thread.awaited.add(signals); }

AwaitedSignals::~AwaitedSignals() { thread.awaited.remove(signals); }

} // namespace flux
