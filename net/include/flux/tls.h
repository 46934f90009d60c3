/* tls.h - TLS for the connections of flux/net.h, by OpenSSL. Valid C11 and C++17. fluxc links the library and OpenSSL
 * into a program that calls it.
 *
 *     flux_tls_certificate certificate = {"server.pem", "server.key"};
 *     flux_net_options options = {.frame = FLUX_NET_LINE, .tls = flux_tls_load(&certificate, 1, NULL)};
 *     if (!options.tls || !(server = flux_net_listen("*:7443", &options)))
 *       return 1;
 *
 * Nodes are the same with TLS and without it. TLS 1.2 and 1.3 are spoken. */
#ifndef FLUX_TLS_H
#define FLUX_TLS_H

#include "flux/net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Files in PEM: a certificate, with those between it and the authority's behind it, and its key, without a password. */
typedef struct flux_tls_certificate {
  const char *chain, *key;
} flux_tls_certificate;

/* Loads certificates. A client that names a server (SNI) gets the first one that is for this name, by its alternative
 * names, and rather one that has the very name than one with a wildcard; any other client gets the first of all. One
 * with another kind of key (RSA, ECDSA) that has all names of that is offered beside it.
 * `protocols` are those that are spoken on top (ALPN), the favourite first, with commas: "h2,http/1.1". A client that
 * offers only others is refused. Null: there is no such choice. All of it is copied.
 * Returns what stands in flux_net_options for it, also for several servers, and lives as long as the process; or null
 * after a message on standard error. In flux_init. */
flux_tls_context *flux_tls_load(const flux_tls_certificate *certificates, size_t count, const char *protocols);

/* Loads the same files again, for connections that are made from now on; the others go on. Returns 0, or an error after
 * a message on standard error: then everything remains as it was. Any thread; it reads files. Where a model runs
 * several processes, each has certificates of its own. */
int flux_tls_reload(flux_tls_context *context);

/* What follows is for the owner of a connection, and for `opened`. The texts live as long as the connection, and are
 * empty if it is plain. */

/* Returns the protocol that was chosen on top, empty if none was. */
const char *flux_tls_protocol(const flux_net_connection *connection);

/* Returns the name of the server that the client has asked for, empty if it has not. */
const char *flux_tls_name(const flux_net_connection *connection);

/* Returns "TLSv1.2" or "TLSv1.3". */
const char *flux_tls_version(const flux_net_connection *connection);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_TLS_H */
