#include "loop/loop.h"

#include "core/log.h"
#include "core/os/clock.h"

#include <errno.h>
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

void logStarved(int error) {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("cannot make another fiber, so flows wait: %s; lower --flux-max-flows or --flux-stack-size",
               strerror(error));
}

} // namespace

bool Loop::open(Io io, size_t stackSize, uint64_t maxJobs, void (*poked)(void *), void *pokedOwner) {
  onPoke = poked;
  owner = pokedOwner;
  uint64_t capacity = 1;
  while (capacity < maxJobs)
    capacity *= 2;
  jobsMask = capacity - 1;
  jobs = static_cast<Job *>(malloc(capacity * sizeof(Job)));
  poller = createPoller(io);
  return jobs && poller && Scheduler::openFibers(*poller, mappedStacks, stackSize, enterWork, this);
}

void Loop::close() {
  Scheduler::closeFibers();
  destroyPoller(poller);
  free(jobs);
}

void Loop::quit() {
  // Release: what happened before is seen by the thread that comes back from run().
  quitting.store(true, std::memory_order_release);
  poke();
}

void Loop::enterWork(void *loop) { static_cast<Loop *>(loop)->work(); }

void Loop::work() {
  for (;;) {
    if (quitting.load(std::memory_order_acquire))
      leave();
    else if (fibersLeft > 0)
      runNext();
    else if (jobsLeft > 0 && reserve())
      runNextJob();
    else
      beginTurn();
  }
}

void Loop::beginTurn() {
  const bool nothing = numReady == 0 && (firstJob == endJob || starved);
  if (nothing || sinceLook >= kBetweenLooks) {
    sinceLook = 0;
    look(nothing ? sleepLimit() : 0);
  }
  // Relaxed: what takes the mark away looks again.
  if (poked.load(std::memory_order_relaxed) && takePokes())
    onPoke(owner);
  fibersLeft = numReady;
  jobsLeft = endJob - firstJob;
  sinceLook += fibersLeft + jobsLeft;
  if (nothing && fibersLeft == 0 && jobsLeft == 0 && pool.isUntrimmed())
    pool.trim(kKeptFibers);
}

uint64_t Loop::sleepLimit() {
  if (starved)
    return kRetryNs;
  return pool.isUntrimmed() ? kTrimNs : kNever;
}

/// Sees to it that a job finds a fiber to leave the work to.
bool Loop::reserve() {
  starved = !pool.reserve();
  if (starved) {
    logStarved(errno);
    jobsLeft = 0;
  }
  return !starved;
}

void Loop::runNextJob() {
  --jobsLeft;
  const Job job = jobs[firstJob++ & jobsMask];
  runJob(job.run, job.argument);
}

} // namespace flux
