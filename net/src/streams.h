/// streams.h - connections that carry several messages at once, each of which is a flow's of its own: HTTP/2.
#ifndef FLUX_NET_STREAMS_H
#define FLUX_NET_STREAMS_H

#include "connection.h"

namespace flux::net {

/// A message that waits for a flow, in a queue of its poller's. Whoever holds the connection meanwhile does not matter.
struct Arrival {
  flux_owned owned; // what the flow gets; `end` is called in any case
  Arrival *next;
  void *message;
  std::atomic<bool> gone; // the client has taken it back: no flow begins
};

/// What a protocol with streams does. The connection lives until no flow has a stream of it.
struct StreamsKind {
  /// For its poller's source, which holds it, when hands have been shaken: reads what has arrived. Lets go of it, or
  /// closes it.
  void (*look)(Connection &c);

  /// For whoever holds and closes it. False: flows still have streams, which come to their end now, and with the last
  /// of them the connection goes to its poller.
  bool (*close)(Connection &c);

  /// What the owner of a stream wants of the connection.
  void (*end)(Connection &c, Ending ending);

  // The output is locked.

  /// Returns what is to be sent next, null if that is nothing, or waits for the client.
  Shared *(*refill)(Connection &c);

  /// All of that is the kernel's. Returns when the client must have allowed more to be sent; 0 if nothing waits for
  /// that.
  Deadline (*settle)(Connection &c);

  /// Gives up what had to be allowed until now.
  void (*expire)(Connection &c, Deadline now);
};

/// Of a connection, made by its holder before anybody else knows of it. Guarded by the output's lock.
struct Streams {
  const StreamsKind *kind;
};

} // namespace flux::net

#endif // FLUX_NET_STREAMS_H
