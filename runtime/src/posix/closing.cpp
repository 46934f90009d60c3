#include "posix/closing.h"

#include "fiber/registry.h"
#include "fiber/scheduler.h"
#include "posix/helper_uses.h"

#include <errno.h>
#include <pthread.h>

namespace flux {

namespace {

/// The next generation of the number has begun.
void endCalls(int fd) {
  if (Scheduler *scheduler = Scheduler::current())
    scheduler->closing(fd);
  closedElsewhere(fd);
}

void awaitUnusedAnywhere(int fd) {
  awaitUnusedElsewhere(fd);
  awaitUnusedByHelpers(fd);
}

} // namespace

// Without a scheduler there is no call that could go on with what the number stands for next: jobs are run by
// schedulers that are known. A forked child has none.
Closing::Closing(int first, int last)
    : isNeeded(areSchedulers() && first >= 0 && first <= last), first(first), last(last), isRange(first != last) {
  if (!isNeeded)
    return;
  const int saved = errno;
  // A thread that is cancelled in close() would never come back from it.
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelState);
  if (isRange) {
    this->last = generations.beginClosingRange(first, last, endCalls);
  } else {
    generations.beginClosing(first);
    endCalls(first);
  }
  for (int fd = first; fd <= this->last; ++fd)
    awaitUnusedAnywhere(fd);
  errno = saved;
}

Closing::~Closing() {
  if (!isNeeded)
    return;
  if (isRange)
    generations.endClosingRange(first, last);
  else
    generations.endClosing(first);
  pthread_setcancelstate(cancelState, nullptr);
}

} // namespace flux
