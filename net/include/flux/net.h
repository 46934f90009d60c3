/* net.h - connections: TCP over IPv4 and IPv6, Unix sockets, datagrams and ticks, for sources and nodes. Valid C11 and
 * C++17. fluxc links the library of any program that calls it.
 *
 * A server hands each message that a client sends to a flow of its own:
 *
 *     static flux_net_server *server;
 *     int flux_init(int argc, char **argv) {
 *       flux_net_options options = {.frame = FLUX_NET_LINE};
 *       return (server = flux_net_listen("*:7000", &options)) ? 0 : 1;
 *     }
 *     int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }
 *     int Echo(Echo_in *in) { return flux_net_write(in->client, in->line, in->length); }
 *
 * A connection has one owner at a time: the server while it waits for the client, and from flux_net_next() on the flow,
 * until that has ended, in whatever way. The messages of one connection are so handled one after the other. When a flow
 * has ended well, or a handler has taken its error, the server waits for the next message; with an error that nobody
 * took the connection is closed. Everybody else may hold its id.
 *
 * Errors are errno values, which are positive, as what nodes return; 0 is success. */
#ifndef FLUX_NET_H
#define FLUX_NET_H

#include "flux/flux.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct flux_net_server flux_net_server;
typedef struct flux_net_connection flux_net_connection;
typedef struct flux_tls_context flux_tls_context; /* see flux/tls.h */

/* Names a connection for good: another one never gets it. 0 names none. */
typedef uint64_t flux_net_id;

/* Where messages begin and end. */
enum flux_net_frame {
  FLUX_NET_BYTES,     /* what has arrived is a message */
  FLUX_NET_LINE,      /* up to LF or CR LF, which is not given; a zero stands in its place */
  FLUX_NET_LENGTH,    /* a length in `length_bytes` bytes, the highest first, which are not given, and so many bytes */
  FLUX_NET_CUSTOM,    /* as `find` says */
  FLUX_NET_CONNECTION /* the whole connection, without waiting for a byte: the flow calls flux_net_read() */
};

/* What is done with a connection that has not taken what was sent to it, when there is more. */
enum flux_net_full {
  FLUX_NET_CUT, /* it is aborted */
  FLUX_NET_SKIP /* it does not get this one */
};

/* What `find` may return besides the length of a message. */
#define FLUX_NET_MORE 0
#define FLUX_NET_INVALID (-1)

/* Stands for no limit where 0 stands for the default. */
#define FLUX_NET_NEVER UINT32_MAX

/* How a server treats its clients. All zeros are the defaults. */
typedef struct flux_net_options {
  int frame; /* enum flux_net_frame */

  /* The source that calls flux_net_next(). It is named to flux_replicate(), and so runs on every core where the model
   * knows how to. Null: it is not. */
  const char *source;

  /* A message that is longer ends its connection. 0: 64 KiB. */
  uint32_t max_message;

  /* Of FLUX_NET_LENGTH: 1, 2, 4 or 8. 0: 4. */
  uint32_t length_bytes;

  /* Of FLUX_NET_CUSTOM. Called with what has arrived, at least one byte, each time that there is more. Returns how long
   * the message at the beginning is, at most `length`, FLUX_NET_MORE if its end is missing, or FLUX_NET_INVALID, which
   * ends the connection. Must not block. */
  ptrdiff_t (*find)(const char *data, size_t length);

  /* Milliseconds. A connection is closed when its client sends nothing for `idle_ms`, and aborted when it has not sent
   * all of a message `message_ms` after its first byte, or takes nothing for `send_ms` of what is sent to it. 0: 60 s,
   * 20 s and 20 s. */
  uint32_t idle_ms, message_ms, send_ms;

  /* A client that takes less than so many bytes a second, after the first `send_ms`, is aborted. 0: no such rate. */
  uint32_t min_rate;

  /* How many bytes wait for a client beyond those in the kernel, and what happens to more, from flux_net_send() and
   * flux_net_broadcast(). 0: 1 MiB; FLUX_NET_CUT. */
  uint32_t queue_bytes;
  int full; /* enum flux_net_full */

  /* How many connections there may be, of the server and of one address, a network of 2^64 being one address of IPv6.
   * Beyond that, clients wait to be accepted, and those of the address are turned away. Where a server is several
   * processes, they share the first number out, and each counts the second for itself. 0: what the limit of descriptors
   * leaves room for; no limit for an address. */
  uint32_t max_connections, max_per_address;

  /* How many descriptors are for other things than connections: files, sockets of the program's own. 0: 32. */
  uint32_t other_descriptors;

  /* How many bytes each connection has for the program (flux_net_data), zero at first. */
  size_t data_size;

  /* Connections are of TLS, with these certificates. The client's first message counts from the end of the handshake,
   * which has to be over `message_ms` after the connection was made. Null: they are plain. */
  const flux_tls_context *tls;

  /* Called when there is a new connection, which may be written to, and when one has ended, whose data are still there.
   * Null: nothing. By whichever thread it is; `closed` must not block. */
  void (*opened)(flux_net_connection *connection);
  void (*closed)(flux_net_connection *connection);
} flux_net_options;

/* Opens sockets and listens on them. `addresses` is a list with commas of HOST:PORT, where * is every address and port
 * 0 any that is free, [IPV6]:PORT, and unix:PATH; all that have port 0 get the same one. Null options are the defaults;
 * they are copied. Returns the server, which lives as long as the process, or null after a message on standard error.
 * In flux_init, which then should fail if this has. */
flux_net_server *flux_net_listen(const char *addresses, const flux_net_options *options);

/* Returns the first port that a server listens on, or 0 if that is on Unix sockets only. Any thread. */
int flux_net_port(const flux_net_server *server);

/* The body of a source: waits for a message. Returns 0 with the connection, which is the flow's until its end, and the
 * message, which lies in the connection's memory as long, may be written to, and has a zero behind it if it is a line.
 * When the server has been told to stop: messages whose first byte has arrived are still returned, if they are whole
 * within two seconds, connections that wait are closed, and when all are gone it returns FLUX_STOP. */
int flux_net_next(flux_net_server *server, flux_net_connection **connection, char **data, size_t *length);

/* What follows is for the owner of the connection, but for flux_net_id_of(). */

/* Returns its id. Also for whoever only knows that its flow has not ended. */
flux_net_id flux_net_id_of(const flux_net_connection *connection);

/* Returns the room that it has for the program, null if that is none. */
void *flux_net_data(flux_net_connection *connection);

/* Writes the client's address as text, without its port, at most `size` bytes with the zero at the end. Returns `text`,
 * which is empty for a Unix socket. */
char *flux_net_peer(const flux_net_connection *connection, char *text, size_t size);

/* Reads what comes behind the message: at least a byte, as much as there is up to `size`. Waits for it, at most
 * `idle_ms`. Returns how many bytes, 0 at the end of what the client sends, or when the server has been told to stop
 * and nothing is there; or a negative errno value, -ETIMEDOUT for example. */
ptrdiff_t flux_net_read(flux_net_connection *connection, void *data, size_t size);

/* Sends all of it, and waits until the kernel has it. Returns 0 or an error, ETIMEDOUT if the client takes too little
 * (see flux_net_options); then the connection is good for nothing, and its end closes it. */
int flux_net_write(flux_net_connection *connection, const void *data, size_t size);
int flux_net_writev(flux_net_connection *connection, const struct iovec *parts, int count);

/* The same for bytes of a file from `offset` on. EPIPE if the file has fewer. */
int flux_net_sendfile(flux_net_connection *connection, int file, int64_t offset, size_t size);

/* Has the connection closed when its flow has ended: what has been sent reaches the client, and what that still sends
 * is thrown away for a while, so that no reset takes the answer from it. */
void flux_net_close(flux_net_connection *connection);

/* The same, but at once: what has not reached the client is lost. */
void flux_net_abort(flux_net_connection *connection);

/* What follows is for any thread, and never waits for a client. */

/* Sends a copy of all of it, or leaves it in the connection's queue, behind what is there. Returns 0; ENOTCONN if there
 * is no such connection any more; ENOBUFS if it was left out because the queue was full (see flux_net_options). */
int flux_net_send(flux_net_id id, const void *data, size_t size);

/* The same for the client of a flow, whose answer so never waits for a slow one. For the owner. */
int flux_net_post(flux_net_connection *connection, const void *data, size_t size);

/* The same for bytes of a file from `offset` on, however many. The file is the connection's from here on, and closed in
 * the end. */
int flux_net_post_file(flux_net_connection *connection, int file, int64_t offset, size_t size);

/* Puts the connection into a group, in the place of the one it was in; 0 is none. For the owner. */
void flux_net_join(flux_net_connection *connection, uint64_t group);

/* Sends it to all connections of the server that are in the group, or to all if that is 0. Returns how many got it or
 * have it in their queues. A program that calls this or flux_net_join() needs one process: flux_net_listen() refuses
 * where the model runs several. */
size_t flux_net_broadcast(flux_net_server *server, uint64_t group, const void *data, size_t size);

/* Datagrams (UDP). */

typedef struct flux_net_socket flux_net_socket;
typedef struct flux_net_datagram flux_net_datagram;

/* Where a datagram comes from or goes to. May be copied and kept. */
typedef struct flux_net_address {
  struct sockaddr_storage address;
  socklen_t length;
} flux_net_address;

/* Opens sockets for datagrams to `addresses`: a list of HOST:PORT, *:PORT and [IPV6]:PORT. Returns what stands for
 * them, which lives as long as the process, or null after a message on standard error. In flux_init. */
flux_net_socket *flux_net_bind(const char *addresses);

/* As flux_net_port(). */
int flux_net_socket_port(const flux_net_socket *socket);

/* The body of a source: waits for a datagram. Returns 0 with the datagram, which is the flow's until its end, and what
 * is in it, which may be written to; or FLUX_STOP when the server has been told to stop and nothing is there. */
int flux_net_receive(flux_net_socket *socket, flux_net_datagram **datagram, char **data, size_t *length);

/* Returns who has sent it. For the flow that has it. */
const flux_net_address *flux_net_sender(const flux_net_datagram *datagram);

/* Sends a datagram, from the socket that this one came to; or from the first one that fits the address. Returns 0 or an
 * error, ENOBUFS if the kernel has no room for it: it never waits. Any thread. */
int flux_net_reply(const flux_net_datagram *datagram, const void *data, size_t size);
int flux_net_send_to(flux_net_socket *socket, const flux_net_address *to, const void *data, size_t size);

/* Ticks. */

typedef struct flux_net_ticker flux_net_ticker;

/* Makes something that ticks every `ms` milliseconds, from the first flux_net_tick() on. It lives as long as the
 * process. Null without memory, or if `ms` is 0. In flux_init. */
flux_net_ticker *flux_net_every(uint32_t ms);

/* The body of a source: waits for the next tick. Returns 0 with its number, from 1 up, or FLUX_STOP when the server has
 * been told to stop. Ticks do not drift; those that pass while the source does not wait are left out, which their
 * numbers tell. */
int flux_net_tick(flux_net_ticker *ticker, uint64_t *number);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_NET_H */
