/* http.h - what a request asks for, and what answers to it need. Valid C11 and C++17. */
#ifndef FLUX_HTTP_H
#define FLUX_HTTP_H

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

/* Returns the media type of a file, by the extension of its name: "text/html; charset=utf-8" for example, or
 * "application/octet-stream". The text is static. */
const char *flux_http_media_type(const char *name);

/* The size of "Sun, 06 Nov 1994 08:49:37 GMT" with the zero. */
#define FLUX_HTTP_DATE_SIZE 30

/* Writes a time in seconds since 1970 as HTTP does, FLUX_HTTP_DATE_SIZE bytes, and returns `text`. */
char *flux_http_date(int64_t time, char *text);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FLUX_HTTP_H */
