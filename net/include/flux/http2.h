/* http2.h - HTTP/2 over TLS for servers of flux/http.h, by nghttp2. Valid C11 and C++17. fluxc links the library and
 * nghttp2 into a program that calls it.
 *
 *     flux_http_options options = {.net = {.source = "Next", .tls = flux_tls_load(&certificate, 1, "h2,http/1.1")},
 *                                  .http2 = flux_http2()};
 *
 * Nodes are the same with HTTP/2 and without it: a request is a flow's, whichever way it has come. Those that a client
 * sends at once are flows that run at once. */
#ifndef FLUX_HTTP2_H
#define FLUX_HTTP2_H

#include "flux/http.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns what stands in flux_http_options for it; never null. A client chooses HTTP/2 by TLS: "h2" has to be among the
 * protocols that flux_tls_load() is given. */
const flux_http2_protocol *flux_http2(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_HTTP2_H */
