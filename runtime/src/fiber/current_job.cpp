#include "fiber/current_job.h"

#include "core/os/real.h"
#include "fiber/scheduler.h"

#include <atomic>
#include <pthread.h>
#include <signal.h>

namespace flux {

constinit thread_local CurrentJob currentJob;

namespace {

/// Whether a signal handler that has interrupted a job of this thread still runs.
bool isInHandler() {
  sigset_t blocked;
  return currentJob.blocked == 0 ||
         (real::pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0 && sigismember(&blocked, currentJob.blocked));
}

} // namespace

Scheduler *Scheduler::currentBehindHandler() {
  if (!isInHandler()) {
    currentJob.scheduler = currentJob.interrupted;
    currentJob.interrupted = nullptr;
  }
  return currentJob.scheduler;
}

// A handler that interrupts this one finds no job, so it changes nothing.
Interruption::Interruption(int blocked) : scheduler(currentJob.scheduler) {
  if (!scheduler)
    return;
  currentJob.scheduler = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  currentJob.blocked = blocked;
  currentJob.interrupted = scheduler;
}

Interruption::~Interruption() {
  // A child that the handler has forked has left the job.
  if (!scheduler || !currentJob.interrupted)
    return;
  currentJob.interrupted = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  currentJob.scheduler = scheduler;
}

} // namespace flux
