/// protocol.h - what another version of HTTP does for a server.
#ifndef FLUX_NET_HTTP_PROTOCOL_H
#define FLUX_NET_HTTP_PROTOCOL_H

#include "http/exchange.h"

namespace flux::http {

/// Its name where clients choose (RFC 7301).
constexpr const char *kHttp2 = "h2";

} // namespace flux::http

/// What flux_http2() returns.
struct flux_http2_protocol {
  /// Has a held connection carry streams from here on. False without memory.
  bool (*begin)(flux::net::Connection &c, const flux::http::Settings &settings);
};

#endif // FLUX_NET_HTTP_PROTOCOL_H
