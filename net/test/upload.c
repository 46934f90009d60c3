#include "upload.flux.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_http_options options = {.net = {.source = "Next"}, .max_body = 3000000};
  server = flux_http_listen(argc > 1 ? argv[1] : "*:8080", &options);
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_http_next(server, &out->request); }

/* /echo streams the body back, /count tells how long it is, /forget answers nothing, others do not look at it. */
int Answer(Answer_in *in) {
  const char *path = flux_http_path(in->request, NULL);
  char data[10000];
  ptrdiff_t count, all = 0;
  if (strcmp(path, "/forget") == 0)
    return 0;
  if (strcmp(path, "/fail") == 0)
    return EIO;
  if (strcmp(path, "/echo") == 0) {
    if (flux_http_begin(in->request, 200, "application/octet-stream") != 0)
      return EIO;
    while ((count = flux_http_read(in->request, data, sizeof data)) > 0)
      if (flux_http_write(in->request, data, (size_t)count) != 0)
        return EIO;
    return count == 0 ? 0 : EIO;
  }
  if (strcmp(path, "/count") == 0) {
    while ((count = flux_http_read(in->request, data, sizeof data)) > 0)
      all += count;
    if (count < 0)
      return 0;
  }
  int length = snprintf(data, sizeof data, "%ld", (long)all);
  return flux_http_reply(in->request, 200, "text/plain", data, (size_t)length);
}
