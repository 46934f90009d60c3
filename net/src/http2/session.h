/// session.h - a connection that speaks HTTP/2.
///
/// nghttp2 makes frames of what streams do, and the other way round. It is guarded by the connection's output lock, as
/// is all that is here. Frames are read by the connection's source, or while a flow waits for the client, by that flow,
/// the leader: on some models the source does not run before the flow has gone on. Of several flows that wait one
/// leads, and the others wait for it. Frames are made when there is room for them, by whoever finds it: refill().
#ifndef FLUX_NET_HTTP2_SESSION_H
#define FLUX_NET_HTTP2_SESSION_H

#include "guard.h"
#include "head.h"
#include "http/exchange.h"
#include "streams.h"

#include <nghttp2/nghttp2.h>

namespace flux::http2 {

using net::Connection;
using net::Deadline;
struct Stream;

/// Streams that a client may have, and flows for them, also of those that it has taken back.
constexpr uint32_t kMostStreams = 100;

/// Bytes of bodies that are there for flows to read: of a stream, and of a connection.
constexpr uint32_t kStreamWindow = 64 * 1024, kConnectionWindow = 1024 * 1024;

/// Bytes of heads and of copied answers, beyond which new requests wait.
constexpr size_t kMostMemory = 4 * 1024 * 1024;

struct Session : net::Streams {
  Session(Connection &c, const http::Settings &settings);

  Connection &connection;
  const http::Settings &settings;
  nghttp2_session *frames = nullptr;
  Stream *first = nullptr;   // of those that are open, or a flow's
  Stream *refused = nullptr; // of those that are to be answered for
  Stream *delayed = nullptr; // of those that wait for memory, the last
  Stream *leader = nullptr;  // whose flow reads
  uint32_t open = 0;         // streams that the client has
  uint32_t flows = 0;        // streams that a flow has or will have
  uint32_t waiters = 0;      // flows that wait for the client
  uint32_t waiting = 0;      // streams with something to send that may not be sent yet
  size_t memory = 0;
  Head head;
  Guard guard;
  Deadline headBy = 0, idleBy = 0;
  Deadline leavingSince = 0; // when the client was told that the server stops; 0: it was not
  bool hasLeft = false;      // it was told which streams were the last
  bool hasMore = false;      // bytes may be there that no event will announce
  bool isStalled = false;    // nothing is read until the client has taken what there is
  bool isSkipped = false;    // the source has left it to the leader to read
  bool ended = false;        // the client is gone, or nothing that it sends has a meaning any more
  bool closing = false;      // the connection is held for nobody, until the last flow is over

  /// Whether no stream will get any further.
  bool isDead() const;

  bool isBusy() const { return open > 0 || flows > 0; }

  /// Reads and handles what has arrived, and sends what comes of it.
  void pump();

  /// Handles the streams that a pump has refused. The output is not locked.
  void answerRefused();

  /// It is dead: has all flows find out.
  void giveUp();

  /// Has a request begin its flow, as soon as there is memory for it.
  void hand(Stream &stream);

  /// There is less in memory.
  void release(size_t bytes);

  /// Has the connection looked at by its source.
  void callSource();

  /// Lets the flow go on that waits first, if nobody leads.
  void appointLeader();

  /// Tells the client not to send any more requests; `error` is its fault.
  void terminate(uint32_t error);

  /// Sets the connection's deadline.
  void schedule();

  /// There is a stream less, or a flow.
  void lessBusy();

private:
  void handDelayed();
  ssize_t receive(char *data, size_t size);
};

inline Session &sessionOf(const Connection &c) { return *static_cast<Session *>(c.streams); }

/// Makes nghttp2's part of a session. False without memory.
bool openFrames(Session &session);

} // namespace flux::http2

#endif // FLUX_NET_HTTP2_SESSION_H
