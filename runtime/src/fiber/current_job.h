/// current_job.h - whether the calling thread runs a job that may be parked, and whose that is.
#ifndef FLUX_FIBER_CURRENT_JOB_H
#define FLUX_FIBER_CURRENT_JOB_H

namespace flux {

class Scheduler;

/// What a thread runs.
struct CurrentJob {
  Scheduler *scheduler = nullptr;   // of the job that may be parked now, or null
  Scheduler *interrupted = nullptr; // of the job that a signal handler has interrupted
  int blocked = 0;                  // the signal that is blocked until the handler is left, or 0
};
extern constinit thread_local CurrentJob currentJob;

/// The time of a signal handler, which may have interrupted a job: Scheduler::current() is null in it. When the handler
/// jumps out of it (siglongjmp), the job goes on as before, which is noticed by the signal that is no longer blocked.
class Interruption {
public:
  /// `blocked` is the signal that is blocked while the handler runs, or 0: then a job that is jumped to blocks the
  /// thread until it ends.
  explicit Interruption(int blocked);
  ~Interruption();
  Interruption(const Interruption &) = delete;
  Interruption &operator=(const Interruption &) = delete;

private:
  Scheduler *const scheduler;
};

} // namespace flux

#endif // FLUX_FIBER_CURRENT_JOB_H
