#include "output.h"

#include "connection.h"
#include "poller.h"
#include "streams.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flux::net {

namespace {

void drop(Shared *shared) {
  // Acquire and release: the last one sees all others done.
  if (shared && shared->users.fetch_sub(1, std::memory_order_acq_rel) == 1)
    free(shared);
}

/// Sends as much as the client takes at once. Returns how much, or a negative errno value; -EAGAIN if that is nothing.
ssize_t transmit(const Connection &c, iovec *parts, size_t count) {
  if (Session *session = c.output.session)
    return session->kind->transmit(*session, parts, count);
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = count;
  for (;;) {
    const ssize_t sent = sendmsg(c.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 || errno != EINTR)
      return sent >= 0 ? sent : -errno;
  }
}

/// The same for bytes of a file.
ssize_t transmitFile(const Connection &c, int file, int64_t offset, size_t size) {
  if (Session *session = c.output.session)
    return session->kind->sendFile(*session, file, offset, size);
  off_t from = offset;
  for (;;) {
    const ssize_t sent = sendfile(c.fd, file, &from, size);
    if (sent == 0)
      return -EPIPE; // the file is shorter
    if (sent > 0 || errno != EINTR)
      return sent > 0 ? sent : -errno;
  }
}

void skip(iovec *&parts, int &count, size_t bytes) {
  while (count > 0 && bytes >= parts->iov_len) {
    bytes -= parts->iov_len;
    ++parts, --count;
  }
  if (count > 0) {
    parts->iov_base = static_cast<char *>(parts->iov_base) + bytes;
    parts->iov_len -= bytes;
  }
}

/// The client has to take something from now on.
void beginWaiting(Connection &c) {
  if (c.output.takeBy.load(std::memory_order_relaxed) != 0)
    return;
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  const Deadline by = deadlineIn(poller.options().send_ms);
  c.output.takeBy.store(by, std::memory_order_relaxed);
  poller.lookBy(by);
}

/// It has taken so many bytes: without a rate it has all the time again, with one as much as they are worth.
void noteTaken(Connection &c, size_t bytes) {
  const Deadline by = c.output.takeBy.load(std::memory_order_relaxed);
  if (by == 0)
    return;
  const flux_net_options &options = c.poller.load(std::memory_order_relaxed)->options();
  Deadline next = deadlineIn(options.send_ms);
  if (options.min_rate != 0 && by != kNoDeadline)
    next = std::min(next, by + static_cast<Deadline>(bytes * 1000 / options.min_rate));
  c.output.takeBy.store(next, std::memory_order_relaxed);
}

void endWaiting(Connection &c) { c.output.takeBy.store(0, std::memory_order_relaxed); }

void removeFirst(Output &output) {
  Piece *piece = output.first;
  output.first = piece->next;
  if (piece->shared)
    drop(piece->shared);
  else
    close(piece->file);
  free(piece);
}

void append(Output &output, const Piece &piece, Piece *place) {
  *place = piece;
  (output.first ? output.last->next : output.first) = place;
  output.last = place;
}

/// Sends what the client takes at once of the bytes at the front of the queue. Returns how much, or a negative errno
/// value.
ssize_t sendShared(Connection &c) {
  constexpr size_t kMost = 16;
  iovec parts[kMost];
  size_t count = 0;
  for (Piece *piece = c.output.first; piece && piece->shared && count < kMost; piece = piece->next)
    parts[count++] = {piece->shared->bytes + piece->at, piece->left};
  return transmit(c, parts, count);
}

/// Sends what the session holds. Returns 0 when that is out, or a negative errno value.
ssize_t settle(const Connection &c) {
  const Session *session = c.output.session;
  return session && session->holds ? transmit(c, nullptr, 0) : 0;
}

/// Has the streams say what comes next. Returns whether there is something.
bool refill(Connection &c) {
  Output &output = c.output;
  if (!c.streams || output.broken)
    return false;
  Shared *more = c.streams->kind->refill(c);
  if (!more)
    return false;
  auto *piece = static_cast<Piece *>(malloc(sizeof(Piece)));
  if (!piece) {
    drop(more);
    breakOff(c);
    return false;
  }
  append(output, {nullptr, more, -1, 0, more->size}, piece);
  output.queued += more->size;
  return true;
}

/// Everything is sent, but for what the streams may not send yet.
void restOf(Connection &c) {
  const Deadline by = c.streams && !c.output.broken ? c.streams->kind->settle(c) : 0;
  c.output.takeBy.store(by, std::memory_order_relaxed);
  if (by != 0)
    c.poller.load(std::memory_order_relaxed)->lookBy(by);
}

/// Has what the session holds sent when there is room.
void awaitSession(Connection &c) {
  if (c.output.isEmpty())
    return;
  beginWaiting(c);
  c.poller.load(std::memory_order_relaxed)->watchForRoom(c, true);
}

} // namespace

void clearQueue(Output &output) {
  while (output.first)
    removeFirst(output);
  output.queued = 0;
}

void breakOff(Connection &c, Rest rest) {
  if (c.output.broken)
    return;
  c.output.broken.store(true, std::memory_order_relaxed);
  clearQueue(c.output);
  endWaiting(c);
  // Or the kernel would keep what the client does not take.
  const linger none = {1, 0};
  if (rest == Rest::Dropped)
    setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  shutdown(c.fd, SHUT_RDWR);
}

void breakOffIfOverdue(Connection &c, Deadline now) {
  const Deadline by = c.output.takeBy.load(std::memory_order_relaxed);
  if (by == 0 || by > now)
    return;
  const Locked lock(c.output.mutex);
  const Deadline still = c.output.takeBy.load(std::memory_order_relaxed);
  // A flow that writes has the same deadline, and finds out for itself.
  if (still == 0 || still > now || c.output.writing || ownershipOf(c) == Ownership::Vacant)
    return;
  if (!c.streams || !c.output.isEmpty())
    return breakOff(c);
  c.streams->kind->expire(c, now);
  flush(c);
}

int openSession(Connection &c) {
  Output &output = c.output;
  const int error = output.session->kind->open(*output.session);
  awaitSession(c);
  if (error == 0)
    output.shut = false;
  return error;
}

bool finish(Connection &c) {
  Output &output = c.output;
  output.shut = true;
  if (!output.session || output.broken)
    return true;
  output.session->kind->finish(*output.session);
  awaitSession(c);
  return output.isEmpty();
}

void endSession(Connection &c) {
  if (Session *session = c.output.session)
    session->kind->destroy(*session);
  c.output.session = nullptr;
}

void flush(Connection &c) {
  Output &output = c.output;
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  constexpr size_t kTurn = 1 << 20; // others wait as well
  for (size_t sentNow = 0; !output.writing && (output.first || refill(c));) {
    if (sentNow >= kTurn)
      return poller.awaitRoom(c);
    const Piece &first = *output.first;
    const ssize_t sent = first.shared ? sendShared(c) : transmitFile(c, first.file, first.at, first.left);
    if (sent == -EAGAIN) {
      beginWaiting(c);
      return poller.watchForRoom(c, true);
    }
    if (sent < 0) // a file that has become shorter is no fault of the client's
      return breakOff(c, sent == -EPIPE && !first.shared ? Rest::Sent : Rest::Dropped);
    sentNow += static_cast<size_t>(sent);
    noteTaken(c, static_cast<size_t>(sent));
    for (auto left = static_cast<size_t>(sent); left > 0;) {
      Piece &piece = *output.first;
      const size_t taken = std::min(left, piece.left);
      left -= taken;
      piece.at += static_cast<int64_t>(taken);
      piece.left -= taken;
      if (piece.shared)
        output.queued -= taken;
      if (piece.left > 0)
        break;
      removeFirst(output);
    }
  }
  if (!output.first && !output.writing) {
    if (const ssize_t left = settle(c); left != 0)
      return left == -EAGAIN ? poller.watchForRoom(c, true) : breakOff(c);
    restOf(c);
    poller.watchForRoom(c, false);
  }
}

Parcel::~Parcel() { drop(shared); }

/// A copy of the bytes; null without memory. The parcel is one of its users.
Shared *Parcel::share() {
  if (shared)
    return shared;
  void *memory = malloc(sizeof(Shared) + size);
  if (!memory)
    return nullptr;
  shared = new (memory) Shared{1, size};
  memcpy(shared->bytes, parts[0].iov_base, parts[0].iov_len);
  if (parts[1].iov_len > 0)
    memcpy(shared->bytes + parts[0].iov_len, parts[1].iov_base, parts[1].iov_len);
  return shared;
}

int Parcel::post(Connection &c) {
  Output &output = c.output;
  if (output.broken || output.shut)
    return ENOTCONN;
  size_t sent = 0;
  if (!output.first && !output.writing) {
    iovec copies[2] = {parts[0], parts[1]};
    const ssize_t taken = transmit(c, copies, parts[1].iov_len > 0 ? 2 : 1);
    if (taken < 0 && taken != -EAGAIN) {
      breakOff(c);
      return ENOTCONN;
    }
    sent = taken > 0 ? static_cast<size_t>(taken) : 0;
    if (sent == size) {
      awaitSession(c);
      return 0;
    }
  }
  const flux_net_options &options = c.poller.load(std::memory_order_relaxed)->options();
  // Of a message that has begun, the rest has to follow; and an empty queue takes any.
  const bool fits = !output.first || output.queued + size <= options.queue_bytes;
  if (!fits && options.full == FLUX_NET_SKIP)
    return ENOBUFS;
  auto *piece = fits ? static_cast<Piece *>(malloc(sizeof(Piece))) : nullptr;
  if (!piece || !share()) {
    free(piece);
    breakOff(c);
    return ENOTCONN;
  }
  // Relaxed: the parcel is a user.
  shared->users.fetch_add(1, std::memory_order_relaxed);
  append(output, {nullptr, shared, -1, static_cast<int64_t>(sent), size - sent}, piece);
  output.queued += size - sent;
  beginWaiting(c);
  if (!output.writing)
    c.poller.load(std::memory_order_relaxed)->watchForRoom(c, true);
  return 0;
}

int postFile(Connection &c, int file, int64_t offset, size_t size) {
  Output &output = c.output;
  auto *piece = output.broken || output.shut || size == 0 ? nullptr : static_cast<Piece *>(malloc(sizeof(Piece)));
  if (!piece) {
    close(file);
    if (size > 0)
      breakOff(c);
    return size > 0 ? ENOTCONN : 0;
  }
  append(output, {nullptr, nullptr, file, offset, size}, piece);
  beginWaiting(c);
  if (!output.writing)
    flush(c);
  return output.broken ? ENOTCONN : 0;
}

namespace {

/// Waits, with the lock open, until the client takes more. Returns 0 or an errno value.
int awaitRoom(Connection &c) {
  beginWaiting(c);
  const Deadline by = c.output.takeBy.load(std::memory_order_relaxed);
  c.output.mutex.unlock();
  pollfd wanted = {c.fd, POLLOUT, 0};
  const int ready = poll(&wanted, 1, pollTimeout(by));
  const int error = ready < 0 && errno != EINTR ? errno : 0;
  c.output.mutex.lock();
  if (c.output.broken)
    return EPIPE;
  return error == 0 && ready == 0 && by <= nowMs() ? ETIMEDOUT : error;
}

/// Sends by step() until that returns 0, waiting for the client in between: it returns how much it has sent, or a
/// negative errno value. The lock is held.
template <typename Step> int sendAll(Connection &c, Step step) {
  Output &output = c.output;
  if (c.streams)
    return EINVAL; // what is sent is not one flow's
  int error = output.broken ? EPIPE : 0;
  while (error == 0 && output.first) {
    error = awaitRoom(c);
    if (error == 0)
      flush(c);
    if (output.broken)
      error = EPIPE;
  }
  output.writing = true;
  while (error == 0) {
    ssize_t sent = step();
    if (sent == 0)
      sent = settle(c);
    if (sent == 0)
      break;
    if (sent > 0)
      noteTaken(c, static_cast<size_t>(sent));
    else if (sent == -EAGAIN)
      error = awaitRoom(c);
    else
      error = static_cast<int>(-sent);
  }
  output.writing = false;
  if (error != 0)
    breakOff(c);
  else if (output.first)
    flush(c);
  else
    endWaiting(c);
  return error;
}

} // namespace

int writeAll(Connection &c, iovec *parts, int count) {
  const Locked lock(c.output.mutex);
  skip(parts, count, 0);
  return sendAll(c, [&]() -> ssize_t {
    if (count == 0)
      return 0;
    constexpr int kMost = 1024; // IOV_MAX
    const ssize_t sent = transmit(c, parts, static_cast<size_t>(std::min(count, kMost)));
    if (sent > 0)
      skip(parts, count, static_cast<size_t>(sent));
    return sent;
  });
}

int sendFile(Connection &c, int file, int64_t offset, size_t size) {
  const Locked lock(c.output.mutex);
  return sendAll(c, [&]() -> ssize_t {
    if (size == 0)
      return 0;
    const ssize_t sent = transmitFile(c, file, offset, size);
    if (sent > 0) {
      offset += sent;
      size -= static_cast<size_t>(sent);
    }
    return sent;
  });
}

} // namespace flux::net
