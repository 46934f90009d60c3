/// interpose_threads.cpp - waiting for a thread of the program to end, which a helper does.
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"

#include <threads.h>

namespace flux {

void linkThreads() {}

namespace {

/// Joins the thread by `wait()`, which blocks.
template <typename F> int join(pthread_t thread, void **result, F wait) {
  if (!Scheduler::current())
    return wait();
  if (pthread_equal(thread, pthread_self()))
    return EDEADLK; // on a helper it would be another
  const int error = pthread_tryjoin_np(thread, result);
  return error == EBUSY ? lookupHelpers.make(wait) : error;
}

} // namespace
} // namespace flux

using namespace flux;

int pthread_join(pthread_t thread, void **result) {
  return flux::join(thread, result, [=] { return real::pthread_join(thread, result); });
}

int pthread_timedjoin_np(pthread_t thread, void **result, const timespec *time) {
  return flux::join(thread, result, [=] { return real::pthread_timedjoin_np(thread, result, time); });
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock, const timespec *time) {
  return flux::join(thread, result, [=] { return real::pthread_clockjoin_np(thread, result, clock, time); });
}

// Not by pthread_join(): sanitizers do not know threads of C11.
int thrd_join(thrd_t thread, int *result) {
  if (Scheduler::current() && pthread_equal(thread, pthread_self()))
    return thrd_error;
  return lookupHelpers.make([=] { return real::thrd_join(thread, result); });
}
