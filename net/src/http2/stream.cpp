#include "stream.h"

#include "output.h"
#include "poller.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace flux::http2 {

using net::Locked;

Stream::Stream(Session &session, int32_t id) : Exchange(session.connection, kStreamCarrier), session(session), id(id) {
  settings = &session.settings;
  arrival.owned.end = endOfFlow;
  arrival.message = static_cast<http::Exchange *>(this);
  next = session.first;
  if (next)
    next->previous = this;
  session.first = this;
  ++session.flows;
  session.memory += sizeof(Stream);
}

void Stream::keepHead(char *text, size_t length) {
  head = text;
  headLength = length;
  session.memory += length;
}

namespace {

/// Neither the client nor a flow has it.
void destroy(Stream &stream) {
  Session &s = stream.session;
  (stream.previous ? stream.previous->next : s.first) = stream.next;
  if (stream.next)
    stream.next->previous = stream.previous;
  const size_t bytes = sizeof(Stream) + stream.headLength;
  free(stream.head);
  stream.~Stream();
  free(&stream);
  s.release(bytes);
}

} // namespace

void closeStream(Stream &stream) {
  stream.isOpen = false;
  stream.dropOutput();
  if (!stream.hasFlow) {
    stream.dropInput();
    return destroy(stream);
  }
  // Release: pairs with the source's, which ends it then.
  stream.arrival.gone.store(true, std::memory_order_release);
  stream.notify();
}

void endOfFlow(flux_owned *owned, int error) {
  // The arrival begins with it.
  auto *arrival = reinterpret_cast<net::Arrival *>(owned);
  auto &stream = *static_cast<Stream *>(static_cast<http::Exchange *>(arrival->message));
  http::finishAnswer(stream, error);
  Session &s = stream.session;
  Connection &c = s.connection;
  const Locked lock(c.output.mutex);
  --s.flows;
  stream.hasFlow = false;
  stream.dropInput();
  if (!stream.isOpen)
    destroy(stream);
  else if (stream.outputEnded && !stream.inputEnded)
    nghttp2_submit_rst_stream(s.frames, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_NO_ERROR);
  net::flush(c);
  s.lessBusy();
  if (s.flows > 0)
    return;
  if (s.closing)
    c.poller.load(std::memory_order_relaxed)->enqueue(c);
  else if (s.isDead())
    s.callSource();
}

void Stream::awaitOnce(Deadline deadline) {
  Connection &c = *connection;
  const bool isBlocked = !c.output.isEmpty();
  const bool leads = !session.leader;
  if (!leads && !isBlocked)
    return changed.wait(c.output.mutex, deadline);
  if (leads)
    session.leader = this;
  const auto events = static_cast<short>((leads && !session.isStalled ? POLLIN : 0) | (isBlocked ? POLLOUT : 0));
  pollfd wanted = {c.fd, events, 0};
  const int timeout = leads && session.hasMore && !session.isStalled ? 0 : net::pollTimeout(deadline);
  c.output.mutex.unlock();
  poll(&wanted, 1, timeout);
  c.output.mutex.lock();
  if (!leads)
    return net::flush(c);
  session.leader = nullptr;
  session.pump();
  if (!session.refused)
    return;
  c.output.mutex.unlock();
  session.answerRefused();
  c.output.mutex.lock();
}

void Stream::receive(const uint8_t *data, size_t size) {
  if (begin == end)
    begin = end = 0;
  if (end + size > capacity && begin > 0) {
    memmove(bytes, bytes + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  if (end + size > capacity) {
    // At most what the window allows.
    const size_t wanted = std::max<size_t>(end + size, std::min<size_t>(2 * size_t(capacity), kStreamWindow));
    auto *grown = static_cast<char *>(realloc(bytes, wanted));
    if (!grown) {
      nghttp2_session_consume_connection(session.frames, size);
      return reset(NGHTTP2_INTERNAL_ERROR);
    }
    bytes = grown;
    capacity = static_cast<uint32_t>(wanted);
  }
  memcpy(bytes + end, data, size);
  end += static_cast<uint32_t>(size);
  notify();
}

void Stream::dropInput() {
  if (begin != end && !session.ended)
    nghttp2_session_consume_connection(session.frames, end - begin);
  free(bytes);
  bytes = nullptr;
  begin = end = capacity = 0;
}

void Stream::beginSending() {
  if (takeBy != 0)
    return;
  takeBy = net::deadlineIn(connection->poller.load(std::memory_order_relaxed)->options().send_ms);
  ++session.waiting;
}

void Stream::noteSent(size_t size) {
  const flux_net_options &options = connection->poller.load(std::memory_order_relaxed)->options();
  Deadline by = net::deadlineIn(options.send_ms);
  if (options.min_rate != 0 && takeBy != net::kNoDeadline)
    by = std::min(by, takeBy + static_cast<Deadline>(size * 1000 / options.min_rate));
  takeBy = by;
}

void Stream::endSending() {
  if (takeBy == 0)
    return;
  takeBy = 0;
  --session.waiting;
}

void Stream::dropOutput() {
  const size_t copied = out.copy ? out.left : 0;
  free(out.copy);
  if (out.file >= 0)
    close(out.file);
  out = {};
  session.release(copied);
  endSending();
  notify();
}

void Stream::reset(uint32_t error) {
  if (isOpen)
    nghttp2_submit_rst_stream(session.frames, NGHTTP2_FLAG_NONE, id, error);
}

} // namespace flux::http2
