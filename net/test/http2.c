#define _GNU_SOURCE
#include "http2.flux.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static flux_net_server *server;
static char pattern[1 << 20];
static int file;

/* ADDRESS, DIRECTORY with the certificates, and milliseconds for idle clients, heads, and what is sent. */
int flux_init(int argc, char **argv) {
  static char chain[200], key[200];
  if (argc < 3)
    return 1;
  snprintf(chain, sizeof chain, "%s/one.pem", argv[2]);
  snprintf(key, sizeof key, "%s/one.key", argv[2]);
  for (size_t i = 0; i < sizeof pattern; ++i)
    pattern[i] = (char)('a' + i % 23);
  file = memfd_create("pattern", MFD_CLOEXEC);
  if (write(file, pattern, sizeof pattern) != sizeof pattern)
    return 1;
  const flux_tls_certificate certificate = {chain, key};
  flux_http_options options = {.net = {.source = "Next",
                                       .idle_ms = argc > 3 ? atoi(argv[3]) : 100000,
                                       .message_ms = argc > 4 ? atoi(argv[4]) : 100000,
                                       .send_ms = argc > 5 ? atoi(argv[5]) : 100000,
                                       .tls = flux_tls_load(&certificate, 1, "h2,http/1.1")},
                               .max_body = 3000000,
                               .http2 = flux_http2()};
  server = options.net.tls ? flux_http_listen(argv[1], &options) : NULL;
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_http_next(server, &out->request); }

static size_t numberOf(flux_http_request *request) {
  const char *query = flux_http_query(request, NULL);
  return query ? strtoul(query, NULL, 10) : 0;
}

/* What of the request a node sees. */
static int tell(flux_http_request *request) {
  char text[2000];
  const char *query = flux_http_query(request, NULL), *field = flux_http_field(request, "X-Field", NULL),
             *cookie = flux_http_field(request, "Cookie", NULL);
  int length =
      snprintf(text, sizeof text, "%s|%s|%s|%s|%s|%s|%s|%s", flux_http_method(request), flux_http_target(request),
               flux_http_path(request, NULL), query ? query : "-", flux_http_host(request, NULL), field ? field : "-",
               cookie ? cookie : "-", flux_tls_protocol(flux_http_connection(request)));
  flux_http_set(request, "X-Answer", "Yes");
  flux_http_set(request, "Keep-Alive", "5");
  return flux_http_reply(request, 200, "text/plain", text, (size_t)length);
}

static int echo(flux_http_request *request) {
  char data[10000];
  ptrdiff_t count;
  if (flux_http_begin(request, 200, "application/octet-stream") != 0)
    return EIO;
  while ((count = flux_http_read(request, data, sizeof data)) > 0)
    if (flux_http_write(request, data, (size_t)count) != 0)
      return EIO;
  return count == 0 ? 0 : EIO;
}

static int count(flux_http_request *request) {
  char data[10000];
  ptrdiff_t count;
  long all = 0;
  while ((count = flux_http_read(request, data, sizeof data)) > 0)
    all += count;
  if (count < 0) {
    printf("read %ld, then %d\n", all, (int)count);
    fflush(stdout);
    return 0;
  }
  int length = snprintf(data, sizeof data, "%ld", all);
  return flux_http_reply(request, 200, "text/plain", data, (size_t)length);
}

/* Writes until the client has gone, or all of so many megabytes. */
static int stream(flux_http_request *request) {
  int error = flux_http_begin(request, 200, "text/plain");
  for (size_t i = 0; i < numberOf(request) && error == 0; ++i)
    error = flux_http_write(request, pattern, sizeof pattern);
  if (error != 0) {
    printf("write %d\n", error);
    fflush(stdout);
  }
  return 0;
}

static int sendFile(flux_http_request *request, size_t size) {
  const flux_http_document document = {"\"one\"", 1000000000, size};
  uint64_t first, length;
  const int status = flux_http_select(request, &document, &first, &length);
  flux_http_set(request, "ETag", document.etag);
  return flux_http_reply_file(request, status, "text/plain", fcntl(file, F_DUPFD_CLOEXEC, 0), first, length);
}

int Answer(Answer_in *in) {
  const char *path = flux_http_path(in->request, NULL);
  if (strcmp(path, "/forget") == 0)
    return 0;
  if (strcmp(path, "/fail") == 0)
    return EIO;
  if (strcmp(path, "/echo") == 0)
    return echo(in->request);
  if (strcmp(path, "/count") == 0)
    return count(in->request);
  if (strcmp(path, "/stream") == 0)
    return stream(in->request);
  if (strcmp(path, "/break") == 0)
    return flux_http_begin(in->request, 200, NULL) || flux_http_write(in->request, "part", 4) ? EPIPE : EIO;
  if (strcmp(path, "/memory") == 0)
    return flux_http_reply(in->request, 200, "text/plain", pattern, numberOf(in->request));
  if (strcmp(path, "/file") == 0)
    return sendFile(in->request, numberOf(in->request));
  if (strcmp(path, "/close") == 0)
    flux_net_close(flux_http_connection(in->request));
  if (strcmp(path, "/abort") == 0)
    flux_net_abort(flux_http_connection(in->request));
  if (strcmp(path, "/raw") == 0) { /* not for flows of streams */
    char byte;
    flux_net_connection *connection = flux_http_connection(in->request);
    const int error = flux_net_write(connection, "x", 1) && flux_net_post(connection, "x", 1) &&
                      flux_net_send(flux_net_id_of(connection), "x", 1) && flux_net_read(connection, &byte, 1) < 0;
    return flux_http_reply(in->request, error ? 200 : 500, NULL, "", 0);
  }
  return tell(in->request);
}
