#include "fiber/registry.h"

#include "fiber/current_job.h"
#include "fiber/scheduler.h"

#include <atomic>
#include <sched.h>
#include <stddef.h>

namespace flux {

namespace {

constexpr size_t kMaxSchedulers = 1024;
std::atomic<Scheduler *> schedulers[kMaxSchedulers];
std::atomic<size_t> numPlaces{0}; // which have been used so far

/// How many threads without a scheduler look at the schedulers: the program's own, which may do so while schedulers are
/// closed. Those with one, and their helpers, have ended by then.
std::atomic<unsigned> strangers{0};

/// Calls f(scheduler) for each but that of the job that the calling thread runs.
template <typename F> void forEachOther(F f) {
  const SchedulerLook look;
  const size_t places = numPlaces.load(std::memory_order_relaxed);
  for (size_t i = 0; i < places; ++i) {
    // Sees an open scheduler; see delist(), too.
    Scheduler *scheduler = schedulers[i].load(std::memory_order_seq_cst);
    if (scheduler && scheduler != currentJob.scheduler)
      f(*scheduler);
  }
}

} // namespace

SchedulerLook::SchedulerLook() : isStranger(!currentJob.scheduler) {
  if (isStranger)
    strangers.fetch_add(1, std::memory_order_seq_cst); // see delist()
}

SchedulerLook::~SchedulerLook() {
  // Release: the scheduler is closed after what was done to it.
  if (isStranger)
    strangers.fetch_sub(1, std::memory_order_release);
}

void enlist(Scheduler &scheduler) {
  for (size_t i = 0; i < kMaxSchedulers; ++i) {
    Scheduler *none = nullptr;
    // Release: the finder of the scheduler sees it open.
    if (!schedulers[i].compare_exchange_strong(none, &scheduler, std::memory_order_release, std::memory_order_relaxed))
      continue;
    size_t places = numPlaces.load(std::memory_order_relaxed);
    while (places <= i && !numPlaces.compare_exchange_weak(places, i + 1, std::memory_order_relaxed)) {
    }
    return;
  }
}

void delist(Scheduler &scheduler) {
  // Sequentially consistent, here and in forEachOther(): either a stranger does not find the scheduler, or it is
  // seen here that he looks.
  for (std::atomic<Scheduler *> &place : schedulers) {
    Scheduler *expected = &scheduler;
    if (place.compare_exchange_strong(expected, nullptr, std::memory_order_seq_cst))
      break;
  }
  while (strangers.load(std::memory_order_seq_cst) != 0)
    sched_yield();
}

bool areSchedulers() { return numPlaces.load(std::memory_order_relaxed) > 0; }

void closedElsewhere(int fd) {
  forEachOther([=](Scheduler &scheduler) { scheduler.closedByOther(fd); });
}

void awaitUnusedElsewhere(int fd) {
  forEachOther([=](const Scheduler &scheduler) { scheduler.awaitUnused(fd); });
}

void forgetSchedulers() {
  numPlaces.store(0, std::memory_order_relaxed);
  strangers.store(0, std::memory_order_relaxed); // the lookers are not there
}

} // namespace flux
