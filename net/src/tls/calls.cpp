/// calls.cpp - what owners of connections ask.
#include "../connection.h"
#include "session.h"

#include <string.h>

using namespace flux::net;

/// Null if the connection is plain.
static const tls::TlsSession *sessionOf(const flux_net_connection *connection) {
  return static_cast<const tls::TlsSession *>(connection->output.session);
}

const char *flux_tls_protocol(const flux_net_connection *connection) {
  const tls::TlsSession *s = sessionOf(connection);
  return s ? s->kind->protocol(*s) : "";
}

const char *flux_tls_name(const flux_net_connection *connection) {
  const tls::TlsSession *s = sessionOf(connection);
  const char *name = s ? SSL_get_servername(s->ssl, TLSEXT_NAMETYPE_host_name) : nullptr;
  return name ? name : "";
}

const char *flux_tls_version(const flux_net_connection *connection) {
  const tls::TlsSession *s = sessionOf(connection);
  return s ? SSL_get_version(s->ssl) : "";
}
