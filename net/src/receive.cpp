#include "receive.h"

#include "layer.h"
#include "poller.h"
#include "server.h"

#include <errno.h>
#include <sys/socket.h>

namespace flux::net {

namespace {

/// A client that never stops sending must not keep everybody else waiting.
constexpr unsigned kMostRounds = 16;

/// Of a line or a length, what does not count as the message.
constexpr uint32_t kFrame = 8;

Received whatWasFound(Found found) {
  return found == Found::Whole ? Received::Whole : found == Found::Invalid ? Received::Refused : Received::Part;
}

Found find(Connection &c, Message &message) {
  const Poller &poller = *c.poller.load(std::memory_order_relaxed);
  const Layer *layer = poller.server.layer;
  return layer ? layer->find(c, message) : c.input.find(poller.options(), message);
}

/// Reads once. Returns Whole if there may be more to read, else what has come of it.
Received readOnce(Connection &c) {
  const uint32_t room = c.input.buffer->capacity - c.input.end;
  const ssize_t count = receiveSome(c, c.input.at(c.input.end), room);
  if (count < 0) {
    c.more = false;
    return count == -EAGAIN ? Received::Part : Received::Closed;
  }
  if (count == 0) {
    c.ended = true;
    return Received::Whole;
  }
  c.input.end += static_cast<uint32_t>(count);
  // The descriptor is watched edge-triggered: fewer bytes than asked for mean that the next ones come with an event of
  // their own, except for the end of the stream, which was announced together with these.
  const Session *session = c.output.session;
  const bool isFull = session ? session->unread : static_cast<uint32_t>(count) == room;
  c.more = isFull || c.hangup.load(std::memory_order_relaxed);
  return c.more ? Received::Whole : Received::Part;
}

/// Throws away what still arrives.
Received drain(Connection &c) {
  for (unsigned round = 0; round < kMostRounds; ++round) {
    c.input.begin = c.input.end = c.input.scanned = c.input.taken = 0;
    if (c.ended)
      return Received::Closed;
    const Received read = readOnce(c);
    if (read == Received::Closed || (read == Received::Part && !c.more))
      return read;
  }
  return Received::Part;
}

} // namespace

ssize_t receiveSome(Connection &c, void *data, size_t size) {
  // Only the holder ends a session.
  if (Session *session = c.output.session) {
    const Locked lock(c.output.mutex);
    const ssize_t count = session->kind->receive(*session, data, size);
    // The end may be one that endReading() has made.
    return count == -ECONNRESET && c.poller.load(std::memory_order_relaxed)->stopping() ? 0 : count;
  }
  for (;;) {
    const ssize_t count = recv(c.fd, data, size, MSG_DONTWAIT);
    if (count >= 0 || errno != EINTR)
      return count >= 0 ? count : -errno;
  }
}

Received receive(Connection &c, Message &message) {
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  const flux_net_options &options = poller.options();
  if (!c.input.buffer && !(c.input.buffer = poller.stock.take()))
    return Received::Closed;
  if (c.phase == Phase::Draining)
    return drain(c);
  for (unsigned round = 0; round < kMostRounds; ++round) {
    const Found found = find(c, message);
    if (found != Found::Part)
      return whatWasFound(found);
    if (c.ended)
      return Received::Closed;
    if (!c.input.makeRoom(options.max_message + kFrame))
      return Received::Refused;
    const Received read = readOnce(c);
    if (read == Received::Part)
      return whatWasFound(find(c, message));
    if (read == Received::Closed)
      return read;
  }
  return Received::Part; // and more
}

} // namespace flux::net
