/// connection.h - a connection, and the table of all of them, indexed by descriptor.
///
/// A connection is held by one party at a time: by its poller's source while it looks at it, by a flow from
/// flux_net_next() until its end, by nobody while it waits for the client. Everything in it but what is atomic or
/// guarded belongs to the holder.
///
///                accept            release
///      Vacant -----------> Held ------------> Waiting
///        ^                 | ^ ^                 |
///        |                 | | '----- claim -----'    (an event, a deadline)
///        |                 | '--> HeldWithNews        (an event meanwhile: release then fails, look again)
///        '- closeConnection'
///
/// Entries are made when a descriptor's number is first seen and kept for good, so a stale event or id meets a valid
/// object; the generation in `state` tells that the connection it was about is gone.
#ifndef FLUX_NET_CONNECTION_H
#define FLUX_NET_CONNECTION_H

#include "address_counts.h"
#include "deadline.h"
#include "flux/net.h"
#include "input.h"
#include "output.h"

#include <atomic>
#include <stddef.h>
#include <stdint.h>

namespace flux::net {

class Poller;
struct Streams;

enum class Ownership : uint64_t { Vacant, Waiting, Held, HeldWithNews };

/// What the server has in mind with a connection.
enum class Phase : uint8_t {
  Shaking, ///< hands, of a session; the program knows nothing of it
  Open,
  Flushing, ///< closed for good, but what has been sent is still in the queue
  Draining  ///< our side is closed: what still arrives is thrown away until the client closes
};

/// What is to become of it when its flow has ended.
enum class Ending : uint8_t { Keep, Close, Abort };

} // namespace flux::net

/// One of them. Zeroed memory with a descriptor is a vacant one.
struct flux_net_connection {
  flux_owned owned; // by the flow that holds it; first

  std::atomic<flux::net::Poller *> poller; // which waits for it; changes only from one life to the next, and by adopt()
  std::atomic<uint64_t> state;             // generation << 2 | Ownership
  std::atomic<flux::net::Deadline> deadline;
  std::atomic<uint64_t> group; // see flux_net_join()
  flux_net_connection *next;   // link of the poller's queue
  void *data;                  // the program's
  void *exchange;              // its layer's
  flux::net::Streams *streams; // which it carries in the place of messages; null: none
  flux::net::AddressCount *address;

  flux::net::Input input;
  flux::net::Output output;

  int fd;
  std::atomic<bool> hangup; // the client has closed its side, or all of it: read until the end
  bool isWatched;           // its poller watches it, as far as the holder has seen
  bool more;                // the socket may hold bytes that no event will announce
  bool ended;               // the end of the client's bytes has been read
  bool expired;             // the message did not arrive in time
  bool started;             // a message has begun, or a handshake, and has its deadline
  bool announced;           // the program has been told of it
  flux::net::Phase phase;
  flux::net::Ending ending;
};

namespace flux::net {

using Connection = flux_net_connection;

/// Sets up the table for as many descriptors as the process may have, whose limit it raises as far as it goes. Returns
/// how many these are, 0 without memory. Main thread; again, it changes nothing.
size_t openTable();

/// Makes a new connection out of an accepted socket. The caller holds it. Null without memory, or room.
Connection *openConnection(int fd, Poller &poller, AddressCount *address);

/// Returns what identifies the connection's present life. Never 0.
flux_net_id idOf(const Connection &c);

/// Returns whose life that is or was, null if nobody's. Any thread.
Connection *connectionOf(flux_net_id id);

/// Whether that life goes on. It may end at any time, but not while the output's lock is held.
bool isAlive(const Connection &c, flux_net_id id);

/// Makes the caller the holder of the connection if nobody is; if somebody is, tells him that there is news. Null
/// unless the caller now holds it.
Connection *claim(flux_net_id id, bool hangup);

/// The same for whatever connection of the poller has that descriptor now; null too unless it waits and its deadline is
/// before `now`.
Connection *claimOverdue(const Poller &poller, size_t fd, Deadline now);

/// Lets go of a held connection, and of its buffer unless there is unread input. False if there is news: the caller
/// still holds the connection and should read again.
bool release(Connection &c);

/// Gives a held connection so many milliseconds, after which its poller looks at it.
void setDeadline(Connection &c, uint32_t ms);

/// Tells the program of a new connection, which it may use from here on.
void announce(Connection &c);

/// Makes a held connection one of a poller of another server with the same door, as if it were new, and tells that
/// one's program. `exchange` is its layer's, and `greeting` sent before anything else. Returns 0, or ENOMEM: then
/// nothing has changed.
int adopt(Connection &c, Poller &to, void *exchange, Parcel &greeting);

/// Closes a held connection; `abort` throws away what has not reached the client.
void closeConnection(Connection &c, bool abort = false);

/// Begins to close a held connection of which all has been sent: closes our side, and is to be drained then. False if
/// it may as well be closed.
bool beginDraining(Connection &c);

/// Has a flow that has the connection of that descriptor read no further than what has arrived. Any thread.
void endReading(const Poller &poller, size_t fd);

/// No connection has this descriptor or a higher one. The connection of one below, null if there never was one.
size_t highestConnection();
Connection *connectionAt(size_t fd);

/// The connection's ownership, for a look at others'.
Ownership ownershipOf(const Connection &c, std::memory_order order = std::memory_order_relaxed);

} // namespace flux::net

#endif // FLUX_NET_CONNECTION_H
