/// interpose_futexes.cpp - syscall(), for the sake of futexes: the C++ library waits for them by it, in
/// std::atomic::wait and all that is made of it, in futures, and for static variables that are being initialised.
/// Those that close or replace descriptors end other flows' calls on them, as the functions do that make them. Other
/// system calls are made as they come, and block the thread.
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "posix/turns.h"

#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>

namespace flux {

void linkFutexes() {}

namespace {

/// How long a flow sleeps before it is worth finding out whether other processes can wake it.
constexpr uint64_t kBeforeAskingNs = 100 * kNsPerMs;

struct Arguments {
  long number;
  long values[6];
  template <typename T> T as(int i) const { return reinterpret_cast<T>(values[i]); }
  uint32_t word(int i) const { return static_cast<uint32_t>(values[i]); }
  long make() const { return real::syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]); }
};

/// Whether the address is in memory that other processes share, as far as the system says.
bool isInSharedMemory(const void *address) {
  FILE *maps = real::fopen("/proc/self/maps", "re"); // which parks nobody
  if (!maps)
    return true;
  const auto place = reinterpret_cast<unsigned long>(address);
  bool isShared = false;
  char line[512];
  while (fgets(line, sizeof line, maps)) {
    unsigned long begin, end;
    char access[5];
    if (sscanf(line, "%lx-%lx %4s", &begin, &end, access) == 3 && begin <= place && place < end)
      isShared = access[3] == 's';
  }
  fclose(maps);
  return isShared;
}

/// FUTEX_WAIT and FUTEX_WAIT_BITSET of a flow.
long wait(const Arguments &call, uint32_t bits, uint64_t deadline) {
  const auto *word = call.as<const uint32_t *>(0);
  const bool isPrivate = (call.values[1] & FUTEX_PRIVATE_FLAG) != 0;
  Bucket &bucket = bucketOf(word);
  uint64_t look = isPrivate ? kNever : deadlineIn(kBeforeAskingNs);
  mayPark(); // Whether or not: keeping the thread would keep those from going on that wake.
  for (;;) {
    Waiting self(word, bits);
    {
      const HeldBucket held(bucket);
      enqueue(bucket, self);
      if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != call.word(2)) {
        dequeue(bucket, self);
        return asErrno(EAGAIN);
      }
    }
    const Outcome outcome = awaitWaking(self, look < deadline ? look : deadline);
    if (outcome == Outcome::Ready)
      return 0;
    if (outcome == Outcome::Interrupted)
      return asErrno(EINTR);
    if (deadline != kNever && nowNs() >= deadline)
      return asErrno(ETIMEDOUT);
    // Many say nothing of whether they share it, and mean that they do not.
    if (look != kNever)
      look = isInSharedMemory(word) ? deadlineIn(kLookNs) : kNever;
  }
}

/// How many of those that wait for `address`, beside the `done` that the kernel has woken, are to be woken by a call
/// for `most`, which is signed as in the kernel.
long wakeMore(const void *address, long done, long most, uint32_t bits) {
  if (done < 0 || done >= most)
    return done;
  return done + static_cast<long>(wake(address, static_cast<uint64_t>(most - done),
                                       [=](const Waiting &who) { return (who.kind & bits) != 0; }));
}

/// Lets flows that wait here look for themselves, after a call that has woken threads or made them wait elsewhere.
void wakeAllAfter(long result, const void *address) {
  if (result >= 0)
    wake(address, kEverybody);
}

uint64_t deadlineOf(const Arguments &call, bool isAbsolute) {
  const auto *time = call.as<const timespec *>(3);
  if (!time)
    return kNever;
  if (!isAbsolute)
    return deadlineIn(toNs(*time));
  return deadlineAt(call.values[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time);
}

bool hasValidTime(const Arguments &call) {
  const auto *time = call.as<const timespec *>(3);
  return !time || (isValid(*time) && time->tv_sec >= 0);
}

long futex(const Arguments &call) {
  constexpr uint32_t kAll = FUTEX_BITSET_MATCH_ANY;
  const auto *word = call.as<const void *>(0);
  const auto most = static_cast<int>(call.values[2]);
  switch (call.values[1] & FUTEX_CMD_MASK) {
  case FUTEX_WAIT:
    return Scheduler::current() && hasValidTime(call) ? wait(call, kAll, deadlineOf(call, false)) : call.make();
  case FUTEX_WAIT_BITSET:
    return Scheduler::current() && hasValidTime(call) && call.word(5) != 0
               ? wait(call, call.word(5), deadlineOf(call, true))
               : call.make();
  case FUTEX_WAKE:
    return wakeMore(word, call.make(), most, kAll);
  case FUTEX_WAKE_BITSET:
    return wakeMore(word, call.make(), most, call.word(5));
  case FUTEX_REQUEUE:
  case FUTEX_CMP_REQUEUE: {
    const long result = call.make();
    wakeAllAfter(result, word);
    return result;
  }
  case FUTEX_WAKE_OP: {
    const long result = call.make();
    wakeAllAfter(result, word);
    wakeAllAfter(result, call.as<const void *>(4));
    return result;
  }
  default: // with priorities, where the kernel has to know who waits
    return call.make();
  }
}

} // namespace
} // namespace flux

using namespace flux;

long syscall(long number, ...) noexcept {
  Arguments call = {number, {}};
  va_list rest;
  va_start(rest, number);
  for (long &value : call.values)
    value = va_arg(rest, long);
  va_end(rest);
  const auto word = [&](int i) { return static_cast<int>(call.values[i]); };
  switch (number) {
  case SYS_futex:
    return futex(call);
  case SYS_close:
    return close(word(0));
  case SYS_close_range:
    return close_range(call.word(0), call.word(1), word(2));
#ifdef SYS_dup2
  case SYS_dup2:
    return dup2(word(0), word(1));
#endif
  case SYS_dup3:
    return dup3(word(0), word(1), word(2));
  default:
    return call.make();
  }
}
