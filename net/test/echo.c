#include "echo.flux.h"
#include <stdio.h>
#include <sys/uio.h>

static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_net_options options = {.frame = FLUX_NET_LINE, .source = "Next", .message_ms = 4000};
  server = flux_net_listen(argc > 1 ? argv[1] : "*:7000", &options);
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }

int Echo(Echo_in *in) {
  in->line[in->length] = '\n';
  return flux_net_write(in->client, in->line, in->length + 1);
}
