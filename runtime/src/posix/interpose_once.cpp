/// interpose_once.cpp - initialisation that happens once, of C and of C++ (std::call_once). Those that come while it is
/// under way wait in the parking lot, since the one that does it may be a flow that is parked.
#include "core/os/guarded_call.h"
#include "core/os/real.h"
#include "posix/interpose.h"
#include "posix/turns.h"

#include <pthread.h>
#include <threads.h>

namespace flux {

void linkOnce() {}

namespace {

/// A control is 0, kDone, or kBegun with the fork generation above: what a process has begun that has forked
/// meanwhile nobody ends in the child.
enum : int { kBegun = 1, kDone = 2, kGeneration = 4 };

int begun() { return static_cast<int>(forkGeneration()) * kGeneration | kBegun; }

/// What std::call_once hands over in thread-local variables of the C++ library, to the function that pthread_once()
/// calls: other flows do the same while this one is parked.
class CallOnce {
public:
  CallOnce() {
    if (variables.callable && variables.call) {
      ownCallable = *variables.callable;
      ownCall = *variables.call;
    }
  }
  ~CallOnce() {
    if (variables.callable && variables.call) {
      *variables.callable = ownCallable;
      *variables.call = ownCall;
    }
  }
  CallOnce(const CallOnce &) = delete;
  CallOnce &operator=(const CallOnce &) = delete;

private:
  const real::OnceVariables variables = real::onceVariables();
  void *ownCallable = nullptr;
  void *ownCall = nullptr;
};

/// Waits until nobody is at it. Whether it is to be done now, which nobody else does then.
bool begin(int *control) {
  Bucket &bucket = bucketOf(control);
  for (;;) {
    Waiting self(control);
    {
      const HeldBucket held(bucket);
      // Acquire: sees what has been initialised. Relaxed: the bucket orders the rest.
      const int state = __atomic_load_n(control, __ATOMIC_ACQUIRE);
      if (state & kDone)
        return false;
      if (state != begun()) {
        __atomic_store_n(control, begun(), __ATOMIC_RELAXED);
        return true;
      }
      enqueue(bucket, self);
    }
    const CallOnce own;
    if (self.scheduler)
      mayPark(); // Whether or not: keeping the thread would keep the one from going on that is at it.
    awaitWaking(self, kNever);
  }
}

struct Once {
  int *control;
  void (*initialise)();
};

void end(int *control, int state) {
  {
    const HeldBucket held(bucketOf(control));
    // Release: what has been initialised is seen by those who find it done.
    __atomic_store_n(control, state, __ATOMIC_RELEASE);
  }
  wake(control, kEverybody);
}

void run(void *once) { static_cast<Once *>(once)->initialise(); }

/// An exception leaves it undone, for the next one to try.
void giveUp(void *once) { end(static_cast<Once *>(once)->control, 0); }

void doOnce(int *control, void (*initialise)()) {
  // Acquire: sees what has been initialised.
  if ((__atomic_load_n(control, __ATOMIC_ACQUIRE) & kDone) || !begin(control))
    return;
  Once once = {control, initialise};
  flux_call_guarded(run, giveUp, &once);
  end(control, kDone);
}

} // namespace
} // namespace flux

int pthread_once(pthread_once_t *control, void (*initialise)(void)) {
  flux::doOnce(control, initialise);
  return 0;
}

void call_once(once_flag *flag, void (*initialise)(void)) { flux::doOnce(reinterpret_cast<int *>(flag), initialise); }
