/// session.h - what may stand between a connection and its socket: TLS.
#ifndef FLUX_NET_SESSION_H
#define FLUX_NET_SESSION_H

#include "flux/net.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

namespace flux::net {

struct Session;

/// What a kind of sessions does. Of one session, one call at a time: the output's lock is held. None blocks; what a
/// call returns is a negative errno value where it says nothing else, -EAGAIN if an event has to happen first.
struct SessionKind {
  /// Begins one on an accepted socket. Null without memory.
  Session *(*begin)(const flux_tls_context &context, int fd);

  /// Goes on shaking hands. 0: they are shaken.
  int (*open)(Session &session);

  /// As recv(). -ECONNRESET if the client has gone without saying that this is the end.
  ssize_t (*receive)(Session &session, void *data, size_t size);

  /// As writev(); what it has taken, it has taken. Without parts it sends on what it holds, and returns 0 when that is
  /// out.
  ssize_t (*transmit)(Session &session, const iovec *parts, size_t count);

  /// The same for bytes of a file; -EPIPE if it has none there.
  ssize_t (*sendFile)(Session &session, int file, int64_t offset, size_t size);

  /// The protocol that was chosen on top, empty if none was.
  const char *(*protocol)(const Session &session);

  /// Whether a protocol is one to choose from.
  bool (*offers)(const flux_tls_context &context, const char *protocol);

  /// Says that nothing follows. Again, it changes nothing.
  void (*finish)(Session &session);

  void (*destroy)(Session &session);
};

/// Of a connection.
struct Session {
  const SessionKind *kind;
  bool holds;  // bytes that it has taken and the kernel has not
  bool unread; // bytes may be there that no event will announce
  bool heard;  // the client has sent something
};

} // namespace flux::net

/// What sessions are begun with.
struct flux_tls_context {
  const flux::net::SessionKind *kind;
};

#endif // FLUX_NET_SESSION_H
