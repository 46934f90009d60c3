#include "crowded.flux.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_net_options options = {.frame = FLUX_NET_LINE};
  const char *descriptors = argc > 2 ? argv[2] : "";
  options.max_per_address = descriptors[0] ? 0 : 3;
  if (descriptors[0]) {
    const rlim_t number = strtoul(descriptors, NULL, 10);
    struct rlimit limit = {number, number};
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  server = flux_net_listen(argv[1], &options);
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }

int Echo(Echo_in *in) {
  in->line[in->length] = '\n';
  return flux_net_write(in->client, in->line, in->length + 1);
}
