#include "core/os/clock.h"

#include <pthread.h>

namespace flux {

uint64_t nowNs() { return nowNs(CLOCK_MONOTONIC); }

uint64_t deadlineIn(uint64_t ns) {
  const uint64_t now = nowNs();
  return ns < kNever - now ? now + ns : kNever;
}

uint64_t nowNs(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return toNs(now);
}

clockid_t cpuClock() {
  clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
  pthread_getcpuclockid(pthread_self(), &clock);
  return clock;
}

void sleepNs(uint64_t ns) {
  const timespec time = toTimespec(ns);
  nanosleep(&time, nullptr);
}

} // namespace flux
