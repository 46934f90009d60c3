/// interpose_moves.cpp - calls that move bytes between two descriptors, or several messages, or by vectors with flags.
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/files.h"
#include "posix/interpose.h"

namespace flux {

void linkMoves() {}

namespace {

/// Makes `attempt`, which does not block, until it does anything else than fail with EAGAIN: waits for whichever of the
/// two descriptors is not ready.
template <typename F> ssize_t untilBothReady(Scheduler &scheduler, int from, int to, F attempt) {
  const SavedErrno before;
  Call call(scheduler, from, to);
  for (;;) {
    const ssize_t result = call.attempt(attempt);
    if (result >= 0 || errno != EAGAIN)
      return before.resultOf(result);
    const bool canRead = isReady(from, POLLIN), canWrite = isReady(to, POLLOUT);
    if ((!canRead && isNonblocking(from)) || (!canWrite && isNonblocking(to))) {
      errno = EAGAIN;
      return -1;
    }
    if (canRead && canWrite ? !pauseBriefly(scheduler, kNever)
                            : !call.await(canRead ? to : from, canRead ? EPOLLOUT : EPOLLIN, kNever))
      return -1;
  }
}

/// Which end of a splice() is no pipe, whose flag alone says whether it waits; -1 if both are.
int otherThanPipe(int from, int to) {
  struct stat status;
  for (int fd : {from, to})
    if (statusOf(fd, status) == 0 && !S_ISFIFO(status.st_mode))
      return fd;
  return -1;
}

/// Makes `attempt(done)`, which does not block and returns how many messages are through, for all `count` of them.
template <typename F, typename G>
int untilAllMessages(Call &call, uint32_t events, int option, unsigned count, F attempt, G isEnough) {
  unsigned done = 0;
  do {
    const auto rest = [&]() -> ssize_t { return attempt(done); };
    ssize_t result = done == 0 && !kGuardsFirst ? rest() : call.attempt(rest);
    if (result < 0 && errno == EAGAIN && !isNonblocking(call.fd)) {
      TimeLimit limit(call.fd, option);
      result = untilReadyAgain(call, events, limit, rest);
    }
    if (result <= 0)
      return done > 0 ? call.before.resultOf(static_cast<int>(done)) : static_cast<int>(result);
    done += static_cast<unsigned>(result);
  } while (done < count && !isEnough());
  return call.before.resultOf(static_cast<int>(done));
}

/// sendmmsg() of a stream, on which a message is through when all of it is.
int sendEach(int fd, mmsghdr *messages, unsigned count, int flags) {
  for (unsigned i = 0; i < count; ++i) {
    const ssize_t sent = sendmsg(fd, &messages[i].msg_hdr, flags);
    if (sent < 0)
      return i > 0 ? static_cast<int>(i) : -1;
    messages[i].msg_len = static_cast<unsigned>(sent);
  }
  return static_cast<int>(count);
}

bool isNowait(int flags) { return (flags & RWF_NOWAIT) != 0; }

} // namespace
} // namespace flux

using namespace flux;

ssize_t splice(int from, off64_t *fromOffset, int to, off64_t *toOffset, size_t count, unsigned flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0 || (flags & SPLICE_F_NONBLOCK))
    return real::splice(from, fromOffset, to, toOffset, count, flags);
  return untilBothReady(*scheduler, from, to, [&]() -> ssize_t {
    // A socket has no flag for one call that does not wait, and is asked once it is ready.
    const int other = otherThanPipe(from, to);
    if (other < 0)
      return real::splice(from, fromOffset, to, toOffset, count, flags | SPLICE_F_NONBLOCK);
    const Nonblocking scope(other);
    return real::splice(from, fromOffset, to, toOffset, count, flags | SPLICE_F_NONBLOCK);
  });
}

ssize_t tee(int from, int to, size_t count, unsigned flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0 || (flags & SPLICE_F_NONBLOCK))
    return real::tee(from, to, count, flags);
  return untilBothReady(*scheduler, from, to, [=] { return real::tee(from, to, count, flags | SPLICE_F_NONBLOCK); });
}

ssize_t vmsplice(int fd, const iovec *parts, size_t count, unsigned flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (flags & SPLICE_F_NONBLOCK))
    return real::vmsplice(fd, parts, count, flags);
  Call call(*scheduler, fd);
  const bool writes = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
  return untilReady(call, writes ? EPOLLOUT : EPOLLIN, writes ? SO_SNDTIMEO : SO_RCVTIMEO,
                    [=] { return real::vmsplice(fd, parts, count, flags | SPLICE_F_NONBLOCK); });
}

int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags, timespec *timeout) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0 || (flags & (MSG_DONTWAIT | MSG_ERRQUEUE)))
    return real::recvmmsg(fd, messages, count, flags, timeout);
  Call call(*scheduler, fd);
  // As on Linux, the time is looked at when a message has come.
  const uint64_t deadline = timeout ? deadlineIn(toNs(*timeout)) : kNever;
  return untilAllMessages(
      call, EPOLLIN, SO_RCVTIMEO, count,
      [=](unsigned done) { return real::recvmmsg(fd, messages + done, count - done, flags | MSG_DONTWAIT, nullptr); },
      [=] { return (flags & MSG_WAITFORONE) != 0 || nowNs() >= deadline; });
}

int sendmmsg(int fd, mmsghdr *messages, unsigned count, int flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0 || (flags & MSG_DONTWAIT))
    return real::sendmmsg(fd, messages, count, flags);
  if (socketProperty(fd, SO_TYPE) == SOCK_STREAM)
    return sendEach(fd, messages, count, flags);
  Call call(*scheduler, fd);
  return untilAllMessages(
      call, EPOLLOUT, SO_SNDTIMEO, count,
      [=](unsigned done) { return real::sendmmsg(fd, messages + done, count - done, flags | MSG_DONTWAIT); },
      [] { return false; });
}

// Without flags these are the calls without them; with flags, which are for files, a helper makes them.
ssize_t preadv2(int fd, const iovec *parts, int count, off_t offset, int flags) {
  if (!Scheduler::current() || isNowait(flags))
    return real::preadv2(fd, parts, count, offset, flags);
  if (flags == 0)
    return offset == -1 ? readv(fd, parts, count) : preadv(fd, parts, count, offset);
  return FileCall(fd).make(fileHelpers, [=] { return real::preadv2(fd, parts, count, offset, flags); });
}

ssize_t pwritev2(int fd, const iovec *parts, int count, off_t offset, int flags) {
  if (!Scheduler::current() || isNowait(flags))
    return real::pwritev2(fd, parts, count, offset, flags);
  if (flags == 0)
    return offset == -1 ? writev(fd, parts, count) : pwritev(fd, parts, count, offset);
  return FileCall(fd).make(fileHelpers, [=] { return real::pwritev2(fd, parts, count, offset, flags); });
}

// off_t has 64 bits wherever this builds.
static_assert(sizeof(off_t) == sizeof(off64_t));
ssize_t preadv64v2(int fd, const iovec *parts, int count, off64_t offset, int flags) {
  return preadv2(fd, parts, count, offset, flags);
}
ssize_t pwritev64v2(int fd, const iovec *parts, int count, off64_t offset, int flags) {
  return pwritev2(fd, parts, count, offset, flags);
}
