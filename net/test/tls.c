#include "tls.flux.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static flux_net_server *server;
static flux_tls_context *context;
static const char *file;

/* ADDRESS, DIRECTORY with the certificates, and the milliseconds that a message may take. */
int flux_init(int argc, char **argv) {
  static char names[4][200];
  static const char *const ends[] = {"one.pem", "one.key", "two.pem", "two.key"};
  if (argc < 3)
    return 1;
  for (int i = 0; i < 4; ++i)
    snprintf(names[i], sizeof names[i], "%s/%s", argv[2], ends[i]);
  file = names[0];
  flux_tls_certificate certificates[] = {{names[0], names[1]}, {names[2], names[3]}};
  context = flux_tls_load(certificates, 2, "echo,other");
  /* However slow the machine is, and however late a client reads. */
  flux_net_options options = {.frame = FLUX_NET_LINE,
                              .source = "Next",
                              .max_message = 1 << 20,
                              .queue_bytes = 1 << 23,
                              .message_ms = 100000,
                              .idle_ms = 100000,
                              .send_ms = 100000,
                              .tls = context};
  if (argc > 3)
    options.message_ms = atoi(argv[3]);
  server = context ? flux_net_listen(argv[1], &options) : NULL;
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }

static int sendFile(flux_net_connection *client) {
  const int opened = open(file, O_RDONLY | O_CLOEXEC);
  const off_t size = lseek(opened, 0, SEEK_END);
  int error = 0;
  for (int i = 0; i < 200 && !error; ++i)
    error = flux_net_sendfile(client, opened, 0, size);
  close(opened);
  return error;
}

/* Says how reading ended, on standard output since nobody may be there to be told. */
static int readToTheEnd(flux_net_connection *client) {
  char some[1000];
  size_t sum = 0;
  ptrdiff_t count;
  while ((count = flux_net_read(client, some, sizeof some)) > 0)
    sum += count;
  printf("read %zu, then %d\n", sum, (int)count);
  fflush(stdout);
  char text[40];
  const int length = snprintf(text, sizeof text, "read %zu\n", sum);
  flux_net_close(client);
  return count < 0 ? 0 : flux_net_write(client, text, length);
}

int Answer(Answer_in *in) {
  flux_net_connection *client = in->client;
  char text[200];
  if (strcmp(in->line, "who") == 0) {
    const int length = snprintf(text, sizeof text, "%s '%s' '%s'\n", flux_tls_version(client), flux_tls_name(client),
                                flux_tls_protocol(client));
    return flux_net_write(client, text, length);
  }
  if (strcmp(in->line, "reload") == 0) {
    const int length = snprintf(text, sizeof text, "%d\n", flux_tls_reload(context));
    return flux_net_write(client, text, length);
  }
  if (strcmp(in->line, "file") == 0)
    return sendFile(client);
  if (strcmp(in->line, "read") == 0)
    return readToTheEnd(client);
  if (strcmp(in->line, "abort") == 0)
    flux_net_abort(client);
  if (strcmp(in->line, "close") == 0 || strncmp(in->line, "GET ", 4) == 0)
    flux_net_close(client);
  if (strncmp(in->line, "GET ", 4) == 0)
    return flux_net_write(client, "HTTP/1.0 200 OK\r\n\r\nhello", 24);
  in->line[in->length] = '\n';
  if (strncmp(in->line, "post ", 5) == 0)
    return flux_net_post(client, in->line, in->length + 1);
  struct iovec parts[] = {
      {in->line, in->length / 3}, {NULL, 0}, {in->line + in->length / 3, in->length - in->length / 3 + 1}};
  return flux_net_writev(client, parts, 3);
}
