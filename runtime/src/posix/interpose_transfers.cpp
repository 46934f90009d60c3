/// interpose_transfers.cpp - calls that move bytes.
#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "posix/blocking.h"
#include "posix/files.h"
#include "posix/interpose.h"
#include "posix/vectors.h"

#include <limits.h>
#include <sys/stat.h>

// What <features.h> turns calls into when the size of the buffer is known (-D_FORTIFY_SOURCE).
extern "C" {
[[noreturn]] void __chk_fail(void) noexcept;
ssize_t __read_chk(int fd, void *buffer, size_t count, size_t capacity);
ssize_t __recv_chk(int fd, void *buffer, size_t count, size_t capacity, int flags);
ssize_t __recvfrom_chk(int fd, void *buffer, size_t count, size_t capacity, int flags, sockaddr *from,
                       socklen_t *fromLength);
}

namespace flux {

void linkTransfers() {}

namespace {

/// The message as it is to be tried when `done` bytes are through: as it was given, so that a datagram stays one and
/// its control data goes along, then the rest.
template <typename F> ssize_t tryMessage(const msghdr &message, size_t done, F transfer) {
  if (done == 0)
    return transfer(const_cast<msghdr &>(message));
  Window window(message.msg_iov, message.msg_iovlen, done);
  msghdr rest = {};
  rest.msg_iov = window.parts;
  rest.msg_iovlen = window.count;
  return transfer(rest);
}

/// A call on a socket: tried once, which nearly always is all, then until `total` bytes are through.
template <typename F> ssize_t transfer(Call &call, uint32_t events, int timeoutOption, size_t total, F attempt) {
  const ssize_t result = kGuardsFirst ? call.attempt([&] { return attempt(size_t(0)); }) : attempt(size_t(0));
  if (result < 0 ? errno != EAGAIN : result == 0 || static_cast<size_t>(result) >= total)
    return result;
  return call.before.resultOf(untilAllAgain(call, events, {call.fd, timeoutOption}, total, attempt, result));
}

/// MSG_WAITALL alone lets a receiving call wait for more than there is, and not for more than one message.
bool waitsForAll(int fd, int flags) {
  return (flags & (MSG_WAITALL | MSG_PEEK)) == MSG_WAITALL && socketProperty(fd, SO_TYPE) == SOCK_STREAM;
}

/// Whether the call is not to wait: there is an error in the queue or not. Local sockets would wait even so, for data.
bool neverWaits(int flags) { return (flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) != 0; }

ssize_t receive(Call &call, msghdr *message, int flags) {
  const int fd = call.fd;
  const int tried = (flags & ~MSG_WAITALL) | MSG_DONTWAIT;
  const size_t total = waitsForAll(fd, flags) ? sizeOf(message->msg_iov, message->msg_iovlen) : 0;
  return transfer(call, EPOLLIN, SO_RCVTIMEO, total, [&](size_t done) {
    return tryMessage(*message, done, [&](msghdr &part) { return real::recvmsg(fd, &part, tried); });
  });
}

ssize_t sendWhole(Call &call, const msghdr *message, int flags) {
  const int fd = call.fd;
  const size_t total = sizeOf(message->msg_iov, message->msg_iovlen);
  return transfer(call, EPOLLOUT, SO_SNDTIMEO, total, [&](size_t done) {
    return tryMessage(*message, done, [&](msghdr &part) { return real::sendmsg(fd, &part, flags | MSG_DONTWAIT); });
  });
}

/// Whether the system can be asked for what there is without waiting for more: pipes, and what eventfd() and its like
/// return. Of a file that would be what is in memory, and devices transfer less than they could.
bool takesNowait(mode_t mode) { return S_ISFIFO(mode) || (mode & S_IFMT) == 0; }

bool isFile(mode_t mode) { return S_ISREG(mode) || S_ISBLK(mode); }

/// readv() that fails with EAGAIN rather than waits, also when somebody else is quicker. EOPNOTSUPP: there is no such
/// call for this descriptor.
ssize_t readNowait(int fd, const iovec *parts, int count) {
  const ssize_t result = real::preadv2(fd, parts, count, -1, RWF_NOWAIT);
#ifdef FLUX_TSAN
  // It knows what orders threads by a descriptor from other calls than this one.
  if (result >= 0)
    real::readv(fd, nullptr, 0);
#endif
  return result;
}

/// Writes what is left when `done` bytes are through, likewise. As on a non-blocking descriptor, PIPE_BUF bytes stay
/// together: the first attempt is made as the call was.
ssize_t writeNowait(int fd, const iovec *parts, int count, size_t done) {
#ifdef FLUX_TSAN
  real::writev(fd, nullptr, 0);
#endif
  if (done == 0)
    return real::pwritev2(fd, parts, count, -1, RWF_NOWAIT);
  const Window window(parts, static_cast<size_t>(count), done);
  return real::pwritev2(fd, window.parts, static_cast<int>(window.count), -1, RWF_NOWAIT);
}

bool isUnsupported(ssize_t result) { return result < 0 && errno == EOPNOTSUPP; }

/// Reads what is no socket. Where the system has no call that does not block, `transfer` is made once poll() has said
/// that it would not, which holds unless somebody else reads the same.
template <typename F> ssize_t readOther(Call &call, const iovec *parts, int count, F transfer) {
  const int fd = call.fd;
  struct stat status;
  const bool known = statusOf(fd, status) == 0;
  if (known && isFile(status.st_mode))
    return fileHelpers.isOpen() ? readFile(FileCall(call.first), fd, parts, count, -1) : transfer();
  const bool nowait = known && takesNowait(status.st_mode);
  return untilReady(call, EPOLLIN, SO_RCVTIMEO, [&]() -> ssize_t {
    const ssize_t result = nowait ? readNowait(fd, parts, count) : -1;
    if (nowait && !isUnsupported(result))
      return result;
    if (isNonblocking(fd) || isReady(fd, POLLIN))
      return transfer();
    errno = EAGAIN;
    return -1;
  });
}

/// Writes once poll() has said that it would not block. A pipe that is ready takes PIPE_BUF bytes, and more bytes than
/// that need not stay together.
ssize_t writeWhenReady(int fd, const iovec *parts, int count, size_t done, bool inPieces) {
  if (!isReady(fd, POLLOUT)) {
    errno = EAGAIN;
    return -1;
  }
  if (done == 0 && !inPieces)
    return real::writev(fd, parts, count);
  const Window window(parts, static_cast<size_t>(count), done);
  const size_t length = window.count > 0 ? window.parts[0].iov_len : 0;
  return real::write(fd, window.count > 0 ? window.parts[0].iov_base : nullptr, length < PIPE_BUF ? length : PIPE_BUF);
}

/// Writes to what is no socket.
ssize_t writeOther(Call &call, const iovec *parts, int count) {
  const int fd = call.fd;
  struct stat status;
  if (statusOf(fd, status) != 0 || isFile(status.st_mode))
    return FileCall(call.first).make(fileHelpers, [=] { return real::writev(fd, parts, count); });
  if (isNonblocking(fd))
    return real::writev(fd, parts, count);
  const size_t total = sizeOf(parts, static_cast<size_t>(count));
  const bool inPieces = S_ISFIFO(status.st_mode) && total > PIPE_BUF;
  const bool nowait = takesNowait(status.st_mode);
  return untilAll(call, EPOLLOUT, {fd, SO_SNDTIMEO}, total, [&](size_t done) -> ssize_t {
    const ssize_t result = nowait ? writeNowait(fd, parts, count, done) : -1;
    return nowait && !isUnsupported(result) ? result : writeWhenReady(fd, parts, count, done, inPieces);
  });
}

} // namespace
} // namespace flux

using namespace flux;

ssize_t read(int fd, void *buffer, size_t count) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0)
    return real::read(fd, buffer, count);
  Call call(*scheduler, fd);
  const ssize_t result =
      transfer(call, EPOLLIN, SO_RCVTIMEO, 0, [&](size_t) { return real::recv(fd, buffer, count, MSG_DONTWAIT); });
  if (result >= 0 || errno != ENOTSOCK)
    return result;
  const iovec whole = {buffer, count};
  return call.before.resultOf(readOther(call, &whole, 1, [&] { return real::read(fd, buffer, count); }));
}

ssize_t readv(int fd, const iovec *parts, int count) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count <= 0 || count > IOV_MAX || sizeOf(parts, static_cast<size_t>(count)) == 0)
    return real::readv(fd, parts, count);
  msghdr message = {};
  message.msg_iov = const_cast<iovec *>(parts);
  message.msg_iovlen = static_cast<size_t>(count);
  Call call(*scheduler, fd);
  const ssize_t result = receive(call, &message, 0);
  if (result >= 0 || errno != ENOTSOCK)
    return result;
  return call.before.resultOf(readOther(call, parts, count, [&] { return real::readv(fd, parts, count); }));
}

ssize_t write(int fd, const void *buffer, size_t count) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count == 0)
    return real::write(fd, buffer, count);
  Call call(*scheduler, fd);
  const ssize_t result = transfer(call, EPOLLOUT, SO_SNDTIMEO, count, [&](size_t done) {
    return real::send(fd, static_cast<const char *>(buffer) + done, count - done, MSG_DONTWAIT);
  });
  if (result >= 0 || errno != ENOTSOCK)
    return result;
  const iovec whole = {const_cast<void *>(buffer), count};
  return call.before.resultOf(writeOther(call, &whole, 1));
}

ssize_t writev(int fd, const iovec *parts, int count) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || count <= 0 || count > IOV_MAX || sizeOf(parts, static_cast<size_t>(count)) == 0)
    return real::writev(fd, parts, count);
  msghdr message = {};
  message.msg_iov = const_cast<iovec *>(parts);
  message.msg_iovlen = static_cast<size_t>(count);
  Call call(*scheduler, fd);
  const ssize_t result = sendWhole(call, &message, 0);
  if (result >= 0 || errno != ENOTSOCK)
    return result;
  return call.before.resultOf(writeOther(call, parts, count));
}

ssize_t recv(int fd, void *buffer, size_t count, int flags) {
  return recvfrom(fd, buffer, count, flags, nullptr, nullptr);
}

ssize_t recvfrom(int fd, void *buffer, size_t count, int flags, sockaddr *from, socklen_t *fromLength) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::recvfrom(fd, buffer, count, flags, from, fromLength);
  if (neverWaits(flags))
    return real::recvfrom(fd, buffer, count, flags | MSG_DONTWAIT, from, fromLength);
  const int tried = (flags & ~MSG_WAITALL) | MSG_DONTWAIT;
  Call call(*scheduler, fd);
  const size_t total = waitsForAll(fd, flags) ? count : 0;
  return transfer(call, EPOLLIN, SO_RCVTIMEO, total, [&](size_t done) {
    return real::recvfrom(fd, static_cast<char *>(buffer) + done, count - done, tried, from, fromLength);
  });
}

ssize_t recvmsg(int fd, msghdr *message, int flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::recvmsg(fd, message, flags);
  if (neverWaits(flags))
    return real::recvmsg(fd, message, flags | MSG_DONTWAIT);
  Call call(*scheduler, fd);
  return receive(call, message, flags);
}

ssize_t send(int fd, const void *buffer, size_t count, int flags) {
  return sendto(fd, buffer, count, flags, nullptr, 0);
}

ssize_t sendto(int fd, const void *buffer, size_t count, int flags, const sockaddr *to, socklen_t toLength) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (flags & MSG_DONTWAIT))
    return real::sendto(fd, buffer, count, flags, to, toLength);
  Call call(*scheduler, fd);
  return transfer(call, EPOLLOUT, SO_SNDTIMEO, count, [&](size_t done) {
    return real::sendto(fd, static_cast<const char *>(buffer) + done, count - done, flags | MSG_DONTWAIT, to, toLength);
  });
}

ssize_t sendmsg(int fd, const msghdr *message, int flags) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (flags & MSG_DONTWAIT))
    return real::sendmsg(fd, message, flags);
  Call call(*scheduler, fd);
  return sendWhole(call, message, flags);
}

/// How much of a file is fetched at a time before it is sent.
constexpr size_t kFetched = 256 * 1024;

ssize_t sendfile(int out, int in, off_t *offset, size_t count) noexcept {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::sendfile(out, in, offset, count);
  Call call(*scheduler, out, in);
  if (isNonblocking(out))
    return real::sendfile(out, in, offset, count);
  const bool fetches = waitsForDisk(in);
  TimeLimit limit(out, SO_SNDTIMEO, true);
  size_t done = 0;
  do {
    size_t size = count - done;
    if (fetches) {
      size = size < kFetched ? size : kFetched;
      fetchFile(FileCall(call.second), in, offset ? *offset : lseek(in, 0, SEEK_CUR), size);
    }
    const ssize_t result = untilReady(call, EPOLLOUT, limit, [&] {
      const Nonblocking scope(out);
      return real::sendfile(out, in, offset, size);
    });
    if (result <= 0)
      return done > 0 ? call.before.resultOf(static_cast<ssize_t>(done)) : result;
    done += static_cast<size_t>(result);
    limit.progress();
  } while (done < count);
  return call.before.resultOf(static_cast<ssize_t>(done));
}

// off_t has 64 bits wherever this builds.
static_assert(sizeof(off_t) == sizeof(off64_t));
ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) noexcept { return sendfile(out, in, offset, count); }

ssize_t __read_chk(int fd, void *buffer, size_t count, size_t capacity) {
  return count <= capacity ? read(fd, buffer, count) : (__chk_fail(), -1);
}

ssize_t __recv_chk(int fd, void *buffer, size_t count, size_t capacity, int flags) {
  return count <= capacity ? recv(fd, buffer, count, flags) : (__chk_fail(), -1);
}

ssize_t __recvfrom_chk(int fd, void *buffer, size_t count, size_t capacity, int flags, sockaddr *from,
                       socklen_t *fromLength) {
  return count <= capacity ? recvfrom(fd, buffer, count, flags, from, fromLength) : (__chk_fail(), -1);
}
