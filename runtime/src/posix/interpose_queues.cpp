/// interpose_queues.cpp - message queues, and the semaphores and messages of System V. A message queue of POSIX is a
/// descriptor that can be polled; for the others a helper waits.
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "posix/turns.h"

#include <mqueue.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/sem.h>

namespace flux {

void linkQueues() {}

namespace {

/// Makes `attempt(now)`, a call with a time-out, until the deadline. There is no call that does not wait: one whose
/// time is over does not.
template <typename F>
ssize_t transfer(Scheduler &scheduler, mqd_t queue, uint32_t events, const timespec *time, F attempt) {
  const SavedErrno before;
  const timespec over = {};
  Call call(scheduler, queue);
  for (;;) {
    const ssize_t result = call.attempt([&] { return attempt(&over); });
    if (result >= 0 || errno != ETIMEDOUT)
      return before.resultOf(result);
    if (time && !isValid(*time))
      return asErrno(EINVAL);
    if (!call.await(events, time ? deadlineAt(CLOCK_REALTIME, *time) : kNever)) {
      if (errno == EAGAIN)
        errno = ETIMEDOUT;
      return -1;
    }
  }
}

ssize_t receive(mqd_t queue, char *message, size_t size, unsigned *priority, const timespec *time) {
  Scheduler *scheduler = Scheduler::current();
  const auto attempt = [=](const timespec *limit) {
    return real::mq_timedreceive(queue, message, size, priority, limit);
  };
  return scheduler ? transfer(*scheduler, queue, EPOLLIN, time, attempt) : attempt(time);
}

int send(mqd_t queue, const char *message, size_t size, unsigned priority, const timespec *time) {
  Scheduler *scheduler = Scheduler::current();
  const auto attempt = [=](const timespec *limit) { return real::mq_timedsend(queue, message, size, priority, limit); };
  return static_cast<int>(scheduler ? transfer(*scheduler, queue, EPOLLOUT, time, attempt) : attempt(time));
}

/// Makes the call `attempt`, which does not wait; if it fails with `busy`, a helper makes the `call` that does.
template <typename A, typename C> auto unlessBusy(int busy, A attempt, C call) -> decltype(call()) {
  if (!Scheduler::current())
    return call();
  const SavedErrno before;
  const auto result = attempt();
  if (result >= 0 || errno != busy)
    return before.resultOf(result);
  return before.resultOf(lookupHelpers.make(call));
}

/// semop() without waiting; fails with EAGAIN if it would have to, or has so many operations that it is not tried.
int tryOperations(int set, const sembuf *operations, size_t count) {
  constexpr size_t kMost = 16;
  sembuf copies[kMost];
  if (count > kMost)
    return asErrno(EAGAIN);
  memcpy(copies, operations, count * sizeof *copies);
  for (size_t i = 0; i < count; ++i)
    copies[i].sem_flg |= IPC_NOWAIT;
  return real::semop(set, copies, count);
}

} // namespace
} // namespace flux

using namespace flux;

ssize_t mq_receive(mqd_t queue, char *message, size_t size, unsigned *priority) {
  return receive(queue, message, size, priority, nullptr);
}

ssize_t mq_timedreceive(mqd_t queue, char *__restrict message, size_t size, unsigned *__restrict priority,
                        const timespec *__restrict time) {
  return receive(queue, message, size, priority, time);
}

int mq_send(mqd_t queue, const char *message, size_t size, unsigned priority) {
  return flux::send(queue, message, size, priority, nullptr);
}

int mq_timedsend(mqd_t queue, const char *message, size_t size, unsigned priority, const timespec *time) {
  return flux::send(queue, message, size, priority, time);
}

int mq_close(mqd_t queue) noexcept { return close(queue); }

int msgsnd(int queue, const void *message, size_t size, int flags) {
  return unlessBusy(
      EAGAIN, [=] { return real::msgsnd(queue, message, size, flags | IPC_NOWAIT); },
      [=] { return real::msgsnd(queue, message, size, flags); });
}

ssize_t msgrcv(int queue, void *message, size_t size, long type, int flags) {
  return unlessBusy(
      ENOMSG, [=] { return real::msgrcv(queue, message, size, type, flags | IPC_NOWAIT); },
      [=] { return real::msgrcv(queue, message, size, type, flags); });
}

int semop(int set, sembuf *operations, size_t count) noexcept {
  return unlessBusy(
      EAGAIN, [=] { return tryOperations(set, operations, count); },
      [=] { return real::semop(set, operations, count); });
}

int semtimedop(int set, sembuf *operations, size_t count, const timespec *time) noexcept {
  return unlessBusy(
      EAGAIN, [=] { return tryOperations(set, operations, count); },
      [=] { return real::semtimedop(set, operations, count, time); });
}
