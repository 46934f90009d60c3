// connection.h - the table of connections, indexed by descriptor, and who may touch an entry when.
//
// A connection is held by one party at a time: by Listen while it reads a request head, by a flow from the moment
// Listen returns its socket until finish(), by nobody while it waits for the client. Everything in a Connection but
// `state`, `hangup` and `deadline` belongs to the holder.
//
//                accept            release
//      Vacant -----------> Held ------------> Waiting
//        ^                 | ^ ^                 |
//        |                 | | '----- claim -----'    (an event, a deadline)
//        |                 | '--> HeldWithNews        (an event meanwhile: release then fails, look again)
//        '- closeConnection'
//
// Entries are made when a descriptor number is first seen and kept for good, so a stale event meets a valid object; the
// generation in the upper bits of `state` tells it that the connection it was about is gone.
#ifndef WEB_CONNECTION_H
#define WEB_CONNECTION_H

#include "request.h"
#include "web.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace web {

/// Request heads up to this size are accepted; most fit into the buffer of an exchange.
constexpr size_t maxHead = 32 * 1024;
constexpr size_t maxTarget = 8 * 1024;
constexpr size_t ownBuffer = 2 * 1024;

/// What a connection needs from the first byte of a request to the last of its answer, and an idle one does not.
struct Exchange {
  Request request;
  std::string path;             ///< what ReadRequest hands on as the name of the file
  std::string head;             ///< of the response
  Document *document = nullptr; ///< a reference that finish() drops
  int64_t offset = 0;           ///< where the response's bytes begin in the document

  std::unique_ptr<char[]> grown; ///< a larger buffer, if the head needs it
  Exchange *next = nullptr;      ///< link of the stock that it is in
  char own[ownBuffer];
};

class Poller;

struct Connection {
  int fd = -1;
  std::atomic<Poller *> poller{nullptr}; ///< which waits for it; changes only from one life to the next
  std::atomic<uint64_t> state{0};        ///< generation << 2 | ownership
  std::atomic<bool> hangup{false};       ///< the client has closed its side, or all of it: read until the end
  std::atomic<int64_t> deadline{0};      ///< monotonic milliseconds
  Connection *next = nullptr;            ///< link of the poller's queue

  bool watched = false;  ///< its poller watches the socket
  bool more = false;     ///< the socket may hold bytes that no event will announce
  bool ended = false;    ///< the end of the client's bytes has been read
  bool draining = false; ///< answered for good: what still arrives is thrown away until the client closes
  bool expired = false;  ///< the head did not arrive in time
  bool headStarted = false;

  std::unique_ptr<Exchange> exchange; ///< there while a flow runs and while unread input is kept
  char *buffer = nullptr;             ///< of the exchange; unread input is buffer[begin, end)
  size_t capacity = 0;
  size_t begin = 0;
  size_t end = 0;
  size_t scanned = 0;    ///< no head ends before this place
  size_t headLength = 0; ///< of the head that begins at `begin`, 0 while it is incomplete
  uint64_t skip = 0;     ///< bytes of request body still to be thrown away
};

/// Sets up the table for descriptors below `limit`. Called once, before anything else here.
bool makeTable(size_t limit);

/// The connection of `fd`, which must have been opened.
Connection &connection(int fd);

/// Makes a new connection out of an accepted socket. Listen holds it. Returns null if memory or the table is at an end.
Connection *openConnection(int fd, Poller &poller);

/// Returns what identifies the connection's present life in an epoll event.
uint64_t eventToken(const Connection &c);

/// Makes the caller the holder of the connection that `token` names if nobody is; if somebody is, tells him that
/// there is news. Returns null unless the caller now holds it.
Connection *claim(uint64_t token, bool hangup);

/// Like claim, for whatever connection of the poller lives at table index `fd` now; null too if it has not passed
/// its deadline.
Connection *claimOverdue(const Poller &poller, size_t fd, int64_t now);

/// When claimOverdue(fd) is worth another look, as far as is known now; a held connection gets a new deadline by then.
int64_t deadlineOf(const Poller &poller, size_t fd, int64_t now);

/// Gives a held connection an exchange unless it has one. False if memory is at an end. Listen's own.
bool beginExchange(Connection &c);

/// Takes the exchange from a held connection, and with it what has been read.
void endExchange(Connection &c);

/// Lets go of a held connection, and takes its exchange unless there is unread input. From the first time on its poller
/// watches it. False if there is news: the caller still holds the connection and should read again.
bool release(Connection &c);

/// Closes a held connection.
void closeConnection(Connection &c);

/// Gives a held connection `ms` milliseconds until it is overdue.
void setDeadline(Connection &c, int64_t ms);

size_t highestConnection(); ///< no connection lives at or above this index

/// Reads what the client has sent. Never blocks.
enum class Input {
  Complete,   ///< a request head is there, or enough to refuse it
  Incomplete, ///< everything that had arrived is read
  Closed      ///< the client is gone, or has closed its side without a further request
};
Input readInput(Connection &c);

/// Ends the flow of a request: drops what it used and hands the connection back for the next one, or closes it.
/// `linger` says that the client may still be sending: its bytes are read and thrown away for a while, since closing
/// over them would reset the connection and take our answer from the client.
void finish(Connection &c, bool close, bool linger = false);

/// Ends the flow of a request that could not be answered: closes the connection at once.
void abandon(Connection &c);

int64_t monotonicMs();

} // namespace web

#endif // WEB_CONNECTION_H
