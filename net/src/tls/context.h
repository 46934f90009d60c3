/// context.h - what flux_tls_load() returns.
#ifndef FLUX_NET_TLS_CONTEXT_H
#define FLUX_NET_TLS_CONTEXT_H

#include "../mutex.h"
#include "certificates.h"
#include "tickets.h"

namespace flux::net::tls {

struct Context : flux_tls_context {
  flux_tls_certificate *files;
  size_t count;
  Protocols protocols;
  mutable Tickets tickets;

  mutable Mutex mutex;
  Certificates *present; // guarded by the mutex

  /// The present certificates, of which the caller then has a reference.
  Certificates *acquire() const;
};

} // namespace flux::net::tls

#endif // FLUX_NET_TLS_CONTEXT_H
