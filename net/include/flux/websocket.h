/* websocket.h - WebSocket (RFC 6455) on a server of HTTP. Valid C11 and C++17.
 *
 * A page, its script and its socket come from one port. Requests go to one source, messages to another:
 *
 *     static flux_net_server *web, *sockets;
 *     int flux_init(int argc, char **argv) {
 *       web = flux_http_listen("*:8080", NULL);
 *       return web && (sockets = flux_websocket_serve(web, NULL)) ? 0 : 1;
 *     }
 *     int NextRequest(NextRequest_out *out) { return flux_http_next(web, &out->request); }
 *     int Serve(Serve_in *in) {
 *       if (flux_websocket_asked(in->request))
 *         return flux_websocket_accept(in->request, sockets, NULL);
 *       return flux_http_reply(in->request, 200, "text/html", page, sizeof page - 1);
 *     }
 *     int NextMessage(NextMessage_out *out) {
 *       return flux_websocket_next(sockets, &out->client, &out->data, &out->length, NULL);
 *     }
 *     int Echo(Echo_in *in) { return flux_websocket_write(in->client, FLUX_WEBSOCKET_TEXT, in->data, in->length); }
 *
 * An accepted connection is one of flux/net.h: it has an id, data and a group, and one owner at a time. What is sent
 * to it goes through the functions below, those of flux/net.h would not make messages of it. The library answers pings,
 * and pings clients that are silent; it closes with the code that RFC 6455 wants where a client breaks a rule.
 * Extensions, compression among them, are declined. */
#ifndef FLUX_WEBSOCKET_H
#define FLUX_WEBSOCKET_H

#include "flux/http.h"

#ifdef __cplusplus
extern "C" {
#endif

enum flux_websocket_type {
  FLUX_WEBSOCKET_TEXT = 1, /* in UTF-8, which is checked on what clients send */
  FLUX_WEBSOCKET_BINARY = 2
};

/* How a server treats its sockets. All zeros are the defaults. */
typedef struct flux_websocket_options {
  /* As for any connection; `frame`, `find`, `length_bytes`, `tls`, `max_connections`, `max_per_address` and
   * `other_descriptors` are not used: connections come from the server of HTTP, and count there. `idle_ms` is how long
   * a client may send nothing at all; when half of it is over, it is pinged. `opened` is called when a socket has been
   * accepted. */
  flux_net_options net;
} flux_websocket_options;

/* Makes a server for the sockets that are accepted from requests of `http`, which may have several, for instance one
 * for chats and one for games. Returns it, for flux_net_broadcast()'s like, or null after a message on standard error.
 * In flux_init. */
flux_net_server *flux_websocket_serve(flux_net_server *http, const flux_websocket_options *options);

/* The body of a source: waits for a message, as flux_net_next() does. `data` is whole, however it was cut, and has a
 * zero behind it; `type`, where it is not null, is set to its type. When the server has been told to stop, sockets are
 * closed with 1001. */
int flux_websocket_next(flux_net_server *server, flux_net_connection **connection, char **data, size_t *length,
                        int *type);

/* What follows is for the flow that has the request. */

/* Returns true if it asks for a WebSocket. */
bool flux_websocket_asked(const flux_http_request *request);

/* Returns true unless a browser sends it for a page of another origin than the host that it asks. Such pages can use
 * the cookies of their visitors: who lets them in needs another proof of who they are. */
bool flux_websocket_same_origin(const flux_http_request *request);

/* Accepts, with what flux_http_set() has set, and with `protocol`, null for none, which the client must have offered by
 * Sec-WebSocket-Protocol. From here on the connection, which stays the flow's until its end, is one of `server`: its
 * data are zero, and messages may be sent. Returns 0; or EPROTO if the request is no valid one of its kind, which has
 * been answered then, EINVAL if the client has not offered the protocol, or another error. */
int flux_websocket_accept(flux_http_request *request, flux_net_server *server, const char *protocol);

/* What follows is for the owner of the connection. */

/* Sends a message, and waits until the kernel has it. Returns 0, or an error as flux_net_write() does; ENOTCONN if the
 * connection has been closed. */
int flux_websocket_write(flux_net_connection *connection, int type, const void *data, size_t size);

/* The same without waiting, as flux_net_post(). */
int flux_websocket_post(flux_net_connection *connection, int type, const void *data, size_t size);

/* Closes with a code from 1000 to 4999, or with none if that is 0, and a reason, in UTF-8, of which 123 bytes are sent
 * at most; null for none. Nothing can be sent any more; the connection ends when its flow has. Returns 0, or EINVAL for
 * codes that no one sends. */
int flux_websocket_close(flux_net_connection *connection, int code, const char *reason);

/* For `closed`: returns why it ended: the code that either side has closed with, 1005 if it came with none, 1006 if the
 * connection ended without. */
int flux_websocket_code(const flux_net_connection *connection);

/* What follows is for any thread, and never waits for a client. As flux_net_send() and flux_net_broadcast(). */
int flux_websocket_send(flux_net_id id, int type, const void *data, size_t size);
size_t flux_websocket_broadcast(flux_net_server *server, uint64_t group, int type, const void *data, size_t size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_WEBSOCKET_H */
