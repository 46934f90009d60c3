/// session.h - the sessions of TLS.
#ifndef FLUX_NET_TLS_SESSION_H
#define FLUX_NET_TLS_SESSION_H

#include "../session.h"
#include "context.h"

#include <openssl/ssl.h>

namespace flux::net::tls {

extern const SessionKind kSessions;

/// OpenSSL reads and writes the socket by a BIO of ours, which always takes what it writes: what the kernel does not,
/// is held here, and nothing is encrypted before that is out. So no call of OpenSSL ever has to be made again for want
/// of room, and what it was given is gone.
struct TlsSession : Session {
  SSL *ssl;
  const Context *context;
  Certificates *certificates; // which the handshake may choose from
  char *held;                 // what the kernel has not taken
  size_t heldBegin, heldEnd;
  int fd;
  bool drained;  // the last look at the socket found less than there was room for
  bool ended;    // the client's bytes have come to an end
  bool failed;   // an error, of either side: nothing can be said any more
  bool finished; // we have said that nothing follows
};

/// Sends what is held. Returns 0 when it is out, else a negative errno value.
ssize_t sendHeld(TlsSession &s);

/// Before the first session. False without memory.
bool prepareBios();

/// Makes the BIO of a session. Null without memory.
BIO *makeBio(TlsSession &s);

} // namespace flux::net::tls

#endif // FLUX_NET_TLS_SESSION_H
