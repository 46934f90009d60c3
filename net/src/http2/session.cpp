/// session.cpp - what becomes of a connection, and flux_http2().
#include "session.h"

#include "flux/http2.h"
#include "http/protocol.h"
#include "poller.h"
#include "source.h"
#include "stream.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

namespace flux::http2 {

namespace {

using net::Ending;
using net::Locked;
using net::Poller;
using net::Shared;

Poller &pollerOf(const Connection &c) { return *c.poller.load(std::memory_order_relaxed); }

/// The server stops: the client is told, and a little later, when what it had sent by then must have arrived, which
/// requests are answered (RFC 9113, 6.8).
void leave(Session &s) {
  constexpr Deadline kOnTheirWayMs = 500, kLastChanceMs = 2000;
  const Deadline now = net::nowMs();
  if (s.leavingSince == 0) {
    s.leavingSince = now;
    nghttp2_submit_shutdown_notice(s.frames);
  } else if (!s.hasLeft && now >= s.leavingSince + kOnTheirWayMs) {
    s.hasLeft = true;
    nghttp2_submit_goaway(s.frames, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(s.frames),
                          NGHTTP2_NO_ERROR, nullptr, 0);
  }
  if (s.head.isOpen() && now >= s.leavingSince + kLastChanceMs)
    s.terminate(NGHTTP2_NO_ERROR);
}

/// What is to become of a connection that has been looked at.
enum class Then : uint8_t { Wait, LookAgain, Close, CloseGently };

Then lookLocked(Connection &c) {
  Session &s = sessionOf(c);
  if (c.output.broken || s.ended)
    return Then::Close;
  if (pollerOf(c).stopping())
    leave(s);
  if (s.leader)
    s.isSkipped = true;
  else if (!s.isDead())
    s.pump();
  net::flush(c);
  if (c.output.broken || s.ended)
    return Then::Close;
  if (s.isDead())
    return s.flows == 0 ? Then::CloseGently : Then::Wait;
  return s.hasMore && !s.leader && !s.isStalled ? Then::LookAgain : Then::Wait;
}

void look(Connection &c) {
  for (;;) {
    Then then;
    {
      const Locked lock(c.output.mutex);
      then = c.ended ? Then::Close : lookLocked(c);
    }
    sessionOf(c).answerRefused();
    if (then == Then::CloseGently)
      return net::closeGently(c);
    if (then == Then::Close)
      return net::closeConnection(c);
    if (then == Then::LookAgain)
      return pollerOf(c).enqueue(c);
    if (net::release(c))
      return;
  }
}

void destroy(Session &s) {
  s.connection.streams = nullptr;
  s.ended = true;
  nghttp2_session_del(s.frames);
  while (s.first)
    closeStream(*s.first);
  s.~Session();
  free(&s);
}

bool close(Connection &c) {
  const Locked lock(c.output.mutex);
  Session &s = sessionOf(c);
  if (s.flows == 0) {
    if (!c.output.broken && !s.isDead()) {
      s.terminate(NGHTTP2_NO_ERROR);
      net::flush(c);
    }
    destroy(s);
    return true;
  }
  s.closing = s.ended = true;
  net::breakOff(c, net::Rest::Sent);
  s.giveUp();
  return false;
}

void end(Connection &c, Ending ending) {
  const Locked lock(c.output.mutex);
  Session &s = sessionOf(c);
  if (ending == Ending::Abort)
    return net::breakOff(c);
  if (!s.hasLeft && !s.isDead()) {
    s.hasLeft = true;
    nghttp2_submit_goaway(s.frames, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(s.frames),
                          NGHTTP2_NO_ERROR, nullptr, 0);
    net::flush(c);
  }
}

Shared *refill(Connection &c) {
  Session &s = sessionOf(c);
  if (!nghttp2_session_want_write(s.frames))
    return nullptr;
  // Room for the longest frame, and for the next ones while another may fit as well.
  constexpr size_t kFrame = 16384 + 9, kRoom = 2 * kFrame;
  void *memory = malloc(sizeof(Shared) + kRoom);
  if (!memory)
    return nullptr;
  auto *shared = new (memory) Shared{1, 0};
  while (shared->size + kFrame <= kRoom) {
    const uint8_t *bytes;
    const ssize_t size = nghttp2_session_mem_send(s.frames, &bytes);
    if (size < 0)
      s.ended = true;
    if (size <= 0)
      break;
    memcpy(shared->bytes + shared->size, bytes, static_cast<size_t>(size));
    shared->size += static_cast<size_t>(size);
  }
  if (shared->size > 0)
    return shared;
  free(memory);
  return nullptr;
}

Deadline settle(Connection &c) {
  Session &s = sessionOf(c);
  if (s.isStalled) {
    s.isStalled = false;
    s.callSource();
  }
  Deadline by = 0;
  for (const Stream *stream = s.waiting > 0 ? s.first : nullptr; stream; stream = stream->next)
    if (stream->takeBy != 0 && (by == 0 || stream->takeBy < by))
      by = stream->takeBy;
  return by;
}

void expire(Connection &c, Deadline now) {
  for (Stream *stream = sessionOf(c).first; stream; stream = stream->next)
    if (stream->takeBy != 0 && stream->takeBy <= now) {
      stream->reset(NGHTTP2_CANCEL);
      stream->dropOutput();
    }
}

constexpr net::StreamsKind kStreams = {look, close, end, refill, settle, expire};

bool begin(Connection &c, const http::Settings &settings) {
  void *memory = malloc(sizeof(Session));
  if (!memory)
    return false;
  auto *s = new (memory) Session(c, settings);
  const Locked lock(c.output.mutex);
  if (!openFrames(*s)) {
    s->~Session();
    free(s);
    return false;
  }
  c.streams = s;
  c.output.shut = true; // for all but the streams
  s->idleBy = net::deadlineIn(pollerOf(c).options().idle_ms);
  s->schedule();
  return true;
}

} // namespace

Session::Session(Connection &c, const http::Settings &settings) : connection(c), settings(settings) {
  kind = &kStreams;
}

bool Session::isDead() const {
  return ended || connection.output.broken ||
         (!nghttp2_session_want_read(frames) && !nghttp2_session_want_write(frames));
}

ssize_t Session::receive(char *data, size_t size) {
  net::Session *session = connection.output.session;
  ssize_t count;
  if (session) {
    count = session->kind->receive(*session, data, size);
    hasMore = session->unread;
  } else {
    do
      count = recv(connection.fd, data, size, MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    hasMore = count == static_cast<ssize_t>(size);
    count = count < 0 ? -errno : count;
  }
  // The end comes with the event of what stands before it.
  hasMore |= connection.hangup.load(std::memory_order_relaxed);
  return count;
}

void Session::pump() {
  constexpr size_t kBuffer = 16 * 1024;
  constexpr unsigned kMostRounds = 16;
  constexpr size_t kMostUnsent = 500; // frames that answer those of a client that does not read
  auto *buffer = static_cast<char *>(malloc(kBuffer));
  ended |= !buffer;
  hasMore = true;
  for (unsigned round = 0; hasMore && round < kMostRounds && !isDead(); ++round) {
    isStalled = !connection.output.isEmpty() && nghttp2_session_get_outbound_queue_size(frames) > kMostUnsent;
    if (isStalled)
      break;
    const ssize_t count = receive(buffer, kBuffer);
    if (count == -EAGAIN) {
      hasMore = false;
      break;
    }
    const auto *bytes = reinterpret_cast<const uint8_t *>(buffer);
    if (count > 0 && nghttp2_session_mem_recv(frames, bytes, static_cast<size_t>(count)) >= 0)
      continue;
    net::flush(connection); // the reason, if there is one
    ended = true;
  }
  free(buffer);
  net::flush(connection);
  if (isDead())
    giveUp();
  schedule();
}

void Session::answerRefused() {
  for (;;) {
    Stream *stream;
    {
      const Locked lock(connection.output.mutex);
      stream = refused;
      if (!stream)
        return;
      refused = stream->nextRefused;
    }
    endOfFlow(&stream->arrival.owned, 0);
  }
}

void Session::giveUp() {
  handDelayed();
  for (Stream *stream = first; stream; stream = stream->next)
    stream->notify();
}

void Session::hand(Stream &stream) {
  Stream *&link = stream.nextDelayed;
  // A ring, of which the last is known.
  link = delayed ? delayed->nextDelayed : &stream;
  if (delayed)
    delayed->nextDelayed = &stream;
  delayed = &stream;
  handDelayed();
}

void Session::release(size_t bytes) {
  memory -= bytes;
  if (delayed)
    handDelayed();
}

void Session::handDelayed() {
  while (delayed && (memory <= kMostMemory || isDead())) {
    Stream *stream = delayed->nextDelayed;
    if (stream == delayed)
      delayed = nullptr;
    else
      delayed->nextDelayed = stream->nextDelayed;
    pollerOf(connection).hand(stream->arrival);
  }
}

void Session::callSource() {
  if (Connection *c = net::claim(net::idOf(connection), false))
    pollerOf(connection).enqueue(*c);
}

void Session::appointLeader() {
  if (leader)
    return;
  for (Stream *stream = waiters > 0 ? first : nullptr; stream; stream = stream->next)
    if (stream->isWaiting)
      return stream->changed.notify();
  if (isSkipped || (hasMore && !isStalled)) {
    isSkipped = false;
    callSource();
  }
}

void Session::terminate(uint32_t error) { nghttp2_session_terminate_session(frames, error); }

void Session::schedule() {
  const Deadline by = head.isOpen() ? headBy : isBusy() ? net::kNoDeadline : idleBy;
  connection.deadline.store(by, std::memory_order_relaxed);
  pollerOf(connection).lookBy(by);
}

void Session::lessBusy() {
  if (isBusy())
    return;
  idleBy = net::deadlineIn(pollerOf(connection).options().idle_ms);
  schedule();
}

} // namespace flux::http2

static constexpr flux_http2_protocol kProtocol = {flux::http2::begin};

const flux_http2_protocol *flux_http2(void) { return &kProtocol; }
