/* http.h - what a request asks for, and what answers to it need. Valid C11 and C++17. */
#ifndef FLUX_HTTP_H
#define FLUX_HTTP_H

#include "flux/net.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A request whose head was accepted by RFC 9110 and 9112. Every text that the functions below return belongs to it,
 * stays until it ends, and has a zero behind it and none inside. `length`, where it is not null, is set to how long the
 * text is. All may be called by whoever has the request; none blocks. */
typedef struct flux_http_request flux_http_request;

/* Returns the method, "GET" for example: a token in the client's case. */
const char *flux_http_method(const flux_http_request *request);

/* Returns the target as the client sent it, for logs: printing ASCII without blanks. */
const char *flux_http_target(const flux_http_request *request);

/* Returns the path that the target names, decoded. It begins with one slash, has no empty segment, none that is "." or
 * "..", and no encoded slash: such requests are refused. "*" for OPTIONS of the whole server, "" for CONNECT. */
const char *flux_http_path(const flux_http_request *request, size_t *length);

/* Returns what stands behind the question mark of the target, as sent, or null without one. */
const char *flux_http_query(const flux_http_request *request, size_t *length);

/* Returns the host that the client asks, in lower case and without the port; "" if it names none. */
const char *flux_http_host(const flux_http_request *request, size_t *length);

/* Returns the value of the first field called `name`, in whatever case, without blanks at its ends; null without one.
 */
const char *flux_http_field(const flux_http_request *request, const char *name, size_t *length);

/* Returns the weight of `word` in the list that the fields called `name` are, in thousandths, 1000 if it has none, or
 * -1 if it is not there: after "Accept-Encoding: br;q=0.5, gzip" 500 for "br". Case does not matter, and the first one
 * counts. */
int flux_http_weight(const flux_http_request *request, const char *name, const char *word);

/* Returns true if the fields called `name` list `word`, in whatever case, with whatever parameters but a weight of 0:
 * flux_http_lists(request, "Accept-Encoding", "gzip"). */
bool flux_http_lists(const flux_http_request *request, const char *name, const char *word);

/* What a request is about, as it is now. */
typedef struct flux_http_document {
  const char *etag; /* with its quotes, and W/ if it is weak; null: none */
  int64_t modified; /* in seconds since 1970; INT64_MIN: not known */
  uint64_t size;    /* bytes */
} flux_http_document;

/* Decides by the conditions and the range of a request (RFC 9110, 13 and 14) what of `document` it gets. Returns
 * 200, all of it, from *first = 0 on *length = document->size; 206, *length bytes from *first on; or 304, 412 or 416
 * and sets both to 0. Several ranges are answered by all of it. */
int flux_http_select(const flux_http_request *request, const flux_http_document *document, uint64_t *first,
                     uint64_t *length);

/* Returns the status that answers a method which a server does not have: 405 for those that are known (RFC 9110, 9.3,
 * and PATCH of RFC 5789), 501 for others. */
int flux_http_refuse_method(const char *method);

/* Returns the status that answers a request for a file which could not be opened or read, by that errno value: 404,
 * 403, 503 where something has run out, or 500. */
int flux_http_refuse_file(int error);

/* Returns the media type of a file, by the extension of its name: "text/html; charset=utf-8" for example, or
 * "application/octet-stream". The text is static. */
const char *flux_http_media_type(const char *name);

/* The size of "Sun, 06 Nov 1994 08:49:37 GMT" with the zero. */
#define FLUX_HTTP_DATE_SIZE 30

/* Writes a time in seconds since 1970 as HTTP does, FLUX_HTTP_DATE_SIZE bytes, and returns `text`. */
char *flux_http_date(int64_t time, char *text);

typedef struct flux_http2_protocol flux_http2_protocol; /* see flux/http2.h */

/* How a server speaks HTTP. All zeros are the defaults. */
typedef struct flux_http_options {
  /* How it treats its clients. The frame, and what belongs to it, are HTTP's; `message_ms` is for the head of a
   * request. */
  flux_net_options net;

  /* Bytes of a head, at most 65,535, and of a body. 0: 32 KiB and 1 MiB. */
  uint32_t max_head;
  uint64_t max_body;

  /* flux_http2(): clients may choose HTTP/2. Null: they may not. */
  const flux_http2_protocol *http2;
} flux_http_options;

/* As flux_net_listen(), for HTTP/1.1 and 1.0, and for HTTP/2 where the options say so. A request that is not accepted
 * is answered by the library. */
flux_net_server *flux_http_listen(const char *addresses, const flux_http_options *options);

/* The body of a source: waits for the head of a request. Returns 0 with it; the request, and its connection, are the
 * flow's until its end. A flow that ends without an answer is answered for with 500. As flux_net_next() otherwise. */
int flux_http_next(flux_net_server *server, flux_http_request **request);

/* What follows is for the flow that has the request. */

/* Returns the connection that it came by. If that carries several requests at once (flux/http2.h), its data are shared
 * by their flows, flux_net_close() lets those end that have begun, and the connection cannot be read or written to. */
flux_net_connection *flux_http_connection(const flux_http_request *request);

/* Reads from the body of a request: at least a byte, up to `size`, of its content. Tells a client that waits for it to
 * send the body. Waits for the client, at most `idle_ms`. Returns how many bytes, 0 at the end, which is at once if
 * there is no body, or a negative errno value: -EMSGSIZE if the body is too long, -EBADMSG if it is not valid. A flow
 * that then ends without an answer is answered for as that wants. */
ptrdiff_t flux_http_read(flux_http_request *request, void *data, size_t size);

/* Adds a field to the head of the answer. Returns 0, or EINVAL if it would not be one field, if there are too many, or
 * behind the answer. Date, Connection, Content-Type, Content-Length and Transfer-Encoding are set by the library. */
int flux_http_set(flux_http_request *request, const char *name, const char *value);

/* The same for fields that are written already, each as "Name: value" with CR LF behind it; what they say is believed.
 */
int flux_http_set_lines(flux_http_request *request, const char *lines, size_t length);

/* Returns the reason phrase of a status, "" for one that is not registered. Static, with a zero behind it. */
const char *flux_http_reason(int status);

/* Answers, once. A body that the client does not take at once is copied, and sent as it takes it: no flow waits for
 * that, but the connection's next request does. HEAD gets the head alone. `type` is the media type, null for none.
 * Returns 0, or an error: the client is gone, EINVAL for a status or type that is not valid, EALREADY behind an answer.
 */
int flux_http_reply(flux_http_request *request, int status, const char *type, const void *body, size_t size);

/* The same with `size` bytes of a file from `first` on. The file is the library's from here on, which closes it. */
int flux_http_reply_file(flux_http_request *request, int status, const char *type, int file, uint64_t first,
                         uint64_t size);

/* Answers with a body whose length is not known yet: parts of it follow by flux_http_write(), which waits until the
 * kernel has them, and its end is that of the flow. Return 0 or an error. */
int flux_http_begin(flux_http_request *request, int status, const char *type);
int flux_http_write(flux_http_request *request, const void *data, size_t size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_HTTP_H */
