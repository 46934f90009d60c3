/// source.cpp - flux_net_next(), and what becomes of a connection when its flow has ended.
#include "source.h"
#include "layer.h"
#include "message.h"
#include "poller.h"
#include "receive.h"
#include "server.h"
#include "streams.h"

namespace flux::net {

namespace {

bool isFlushed(Connection &c) {
  // What others send at this moment may as well come later.
  if (c.output.takeBy.load(std::memory_order_relaxed) == 0)
    return true;
  const Locked lock(c.output.mutex);
  if (!c.output.broken && !c.output.isEmpty())
    flush(c);
  return c.output.isEmpty();
}

/// The same for a connection to which nothing more is sent, and that says so.
bool isFinished(Connection &c) {
  if (!isFlushed(c))
    return false;
  const Locked lock(c.output.mutex);
  return finish(c);
}

/// Whether what the client has been sent is still on its way to it, and its next message has to wait.
bool mustWait(Connection &c) {
  const Layer *layer = c.poller.load(std::memory_order_relaxed)->server.layer;
  if (!layer || !layer->takesTurns)
    return false;
  if (!isFlushed(c)) {
    c.deadline.store(kNoDeadline, std::memory_order_relaxed); // the queue has one
    return true;
  }
  if (c.deadline.load(std::memory_order_relaxed) == kNoDeadline)
    setDeadline(c, c.poller.load(std::memory_order_relaxed)->options().idle_ms);
  return false;
}

bool isBroken(const Connection &c) { return c.output.broken.load(std::memory_order_relaxed); }

} // namespace

void closeGently(Connection &c) {
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  if (!isFinished(c)) {
    c.phase = Phase::Flushing;
    c.deadline.store(kNoDeadline, std::memory_order_relaxed); // the queue has one
    return poller.enqueue(c);
  }
  if (isBroken(c) || !beginDraining(c))
    return closeConnection(c);
  poller.enqueue(c);
}

namespace {

/// Whether bytes may be on their way, over which closing would reset the connection, and take our answer from the
/// client.
bool mayBeUnread(const Connection &c) {
  return c.more || c.hangup.load(std::memory_order_relaxed) || c.input.end > c.input.begin + c.input.taken;
}

/// The flow that had the connection has ended.
void endOfFlow(flux_owned *owned, int error) {
  Connection &c = *reinterpret_cast<Connection *>(owned);
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  if (const Layer *layer = poller.server.layer) {
    const Ending ending = layer->end(c, error);
    c.ending = c.ending > ending ? c.ending : ending;
    error = 0;
  }
  if (error != 0 || c.ending == Ending::Abort || isBroken(c))
    return closeConnection(c, c.ending == Ending::Abort);
  if (c.ending == Ending::Close || poller.options().frame == FLUX_NET_CONNECTION) {
    if (!mayBeUnread(c) && isFinished(c))
      return closeConnection(c);
    return closeGently(c);
  }
  c.input.consume();
  c.started = false;
  setDeadline(c, poller.options().idle_ms);
  const bool unread =
      mustWait(c) || !c.input.isEmpty() || c.more || c.ended || c.hangup.load(std::memory_order_relaxed);
  if (!unread && !poller.stopping() && release(c))
    return;
  poller.enqueue(c);
}

/// Lets go of a held connection that waits for its client, or has to be looked at again. Returns whether it has.
bool letGo(Poller &poller, Connection &c) {
  if (c.more) {
    poller.enqueue(c);
    return true;
  }
  return release(c);
}

/// Whether the client is likely to have sent a message that has not arrived, when the server stops: it has been active
/// just now. Closing our side then would leave it without an answer.
bool isInUse(const Poller &poller, const Connection &c) {
  constexpr Deadline kJustNowMs = 500;
  const Deadline now = nowMs();
  const uint32_t idle = poller.options().idle_ms;
  const Deadline active = idle != FLUX_NET_NEVER ? c.deadline.load(std::memory_order_relaxed) - idle : now;
  return now < active + kJustNowMs && now < poller.stoppingSince() + kJustNowMs;
}

/// The server stops, and the client has not begun a message: it gets no further chance, but learns so without a reset.
void turnAway(Poller &poller, Connection &c) {
  if (const Layer *layer = poller.server.layer; layer && layer->leave && c.phase == Phase::Open)
    layer->leave(c);
  if (!isFinished(c)) {
    c.phase = Phase::Flushing;
    c.deadline.store(kNoDeadline, std::memory_order_relaxed);
  } else if (isBroken(c) || !beginDraining(c)) {
    return closeConnection(c);
  }
  poller.lookAt(c);
}

/// Whether the client has let its time pass. While the server stops, connections are looked at again and again, and
/// their poller finds none that waits.
bool isOverdue(const Poller &poller, const Connection &c) {
  if (c.expired || !poller.stopping())
    return c.expired;
  constexpr Deadline kLastChanceMs = 2000;
  const Deadline now = nowMs();
  const bool isLate = c.started && now > poller.stoppingSince() + kLastChanceMs;
  const bool isAsked = c.started || c.phase == Phase::Draining;
  return isLate || (isAsked && c.deadline.load(std::memory_order_relaxed) < now);
}

/// Goes on with a connection whose end has begun. Returns whether it has been let go of.
bool wind(Poller &poller, Connection &c) {
  if (isBroken(c) || isOverdue(poller, c)) {
    closeConnection(c);
    return true;
  }
  if (c.phase == Phase::Flushing) {
    if (!isFinished(c))
      return release(c);
    if (!beginDraining(c)) {
      closeConnection(c);
      return true;
    }
  }
  Message message;
  if (receive(c, message) != Received::Part) {
    closeConnection(c);
    return true;
  }
  return letGo(poller, c);
}

/// Goes on with a handshake. Returns whether the connection has been let go of.
bool shakeHands(Poller &poller, Connection &c) {
  if (isOverdue(poller, c)) {
    closeConnection(c, true);
    return true;
  }
  int error;
  bool heard;
  {
    const Locked lock(c.output.mutex);
    error = openSession(c);
    heard = c.output.session->heard;
  }
  if (error == 0) {
    c.phase = Phase::Open;
    c.started = false;
    setDeadline(c, poller.options().idle_ms);
    const Layer *layer = poller.server.layer;
    if (layer && layer->open && !layer->open(c)) {
      closeConnection(c);
      return true;
    }
    announce(c);
    return false;
  }
  if (error != -EAGAIN) {
    closeGently(c);
    return true;
  }
  if (!heard && poller.stopping()) {
    turnAway(poller, c);
    return true;
  }
  return release(c);
}

/// Looks at a held connection. True: a flow should take it, with the message. False: it waits, is queued again, or has
/// been closed.
bool lookAt(Poller &poller, Connection &c, Message &message) {
  for (;;) {
    if (c.phase == Phase::Shaking) {
      if (shakeHands(poller, c))
        return false;
      continue;
    }
    if (c.phase != Phase::Open) {
      if (wind(poller, c))
        return false;
      continue;
    }
    if (c.streams) {
      c.streams->kind->look(c);
      return false;
    }
    const Layer *layer = poller.server.layer;
    if (isOverdue(poller, c)) {
      if (!layer || poller.stopping())
        closeConnection(c, !poller.stopping());
      else
        layer->expire(c), closeGently(c);
      return false;
    }
    if (mustWait(c)) {
      if (release(c))
        return false;
      continue;
    }
    switch (receive(c, message)) {
    case Received::Whole:
      return true;
    case Received::Refused:
      if (layer)
        layer->refuse(c);
      closeGently(c);
      return false;
    case Received::Closed:
      closeConnection(c);
      return false;
    case Received::Part:
      break;
    }
    if (c.input.isEmpty() && poller.stopping() && !isInUse(poller, c)) {
      turnAway(poller, c);
      return false;
    }
    if (!c.started && !c.input.isEmpty()) {
      c.started = true;
      setDeadline(c, poller.options().message_ms);
    }
    if (letGo(poller, c))
      return false;
  }
}

/// The poller of the copy of the source that calls; null after a message if it has none.
Poller *pollerOf(Server &server) {
  const size_t number = server.copies == 1 ? 0 : static_cast<size_t>(flux_replica());
  if (number >= server.copies) {
    complain("flux_net_next() is called by a source that flux_net_options does not name");
    return nullptr;
  }
  // Acquire: pairs with pollerOf(), which is left out of the way of each message.
  Poller *made = server.pollers[number].load(std::memory_order_acquire);
  return made ? made : server.pollerOf(number);
}

/// Whether the server that accepts has connections, which may come to this one yet.
bool mayGetMore(const Server &server) {
  const Server &door = *server.door;
  for (size_t i = 0; &door != &server && i < door.copies; ++i)
    // Acquire: a connection that has left that one has come to this one.
    if (const Poller *poller = door.pollers[i].load(std::memory_order_acquire);
        poller && (!poller->stopping() || poller->openConnections() > 0))
      return true;
  return false;
}

/// Called at every turn while the server stops. Returns true when the last connection is closed.
bool windDown(Poller &poller) {
  poller.stop();
  return !mayGetMore(poller.server) && poller.openConnections() == 0;
}

/// Takes the next message of a stream whose client still wants it; null if there is none.
Arrival *nextArrival(Poller &poller) {
  Arrival *arrival;
  // Acquire: its end is the end of what others do with it.
  while ((arrival = poller.takeArrival()) && arrival->gone.load(std::memory_order_acquire))
    arrival->owned.end(&arrival->owned, 0);
  return arrival;
}

int next(Poller &poller, Next &found) {
  for (;;) {
    if ((found.arrival = nextArrival(poller)))
      return 0;
    while (Connection *c = poller.take()) {
      if (lookAt(poller, *c, found.message)) {
        found.connection = c;
        return 0;
      }
      if ((found.arrival = nextArrival(poller)))
        return 0;
    }
    if (flux_stopping() && windDown(poller))
      return FLUX_STOP;
    poller.wait();
  }
}

} // namespace

int awaitMessage(Server &server, Next &found) {
  Poller *poller = pollerOf(server);
  if (!poller)
    return FLUX_STOP;
  if (poller->isInUse.exchange(true, std::memory_order_acquire)) {
    complain("two sources call flux_net_next() for one server at once");
    return FLUX_STOP;
  }
  const int status = next(*poller, found);
  poller->isInUse.store(false, std::memory_order_release);
  if (status != 0)
    return status;
  if (found.arrival)
    return flux_own(&found.arrival->owned);
  found.connection->owned.end = endOfFlow;
  return flux_own(&found.connection->owned);
}

} // namespace flux::net

using namespace flux::net;

int flux_net_next(flux_net_server *server, flux_net_connection **connection, char **data, size_t *length) {
  Next found;
  if (const int status = awaitMessage(*server, found))
    return status;
  *connection = found.connection;
  if (data)
    *data = found.connection->input.at(found.message.begin);
  if (length)
    *length = found.message.length;
  return 0;
}
