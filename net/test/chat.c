#include "chat.flux.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static flux_net_server *server;

int flux_init(int argc, char **argv) {
  flux_net_options options = {
      .frame = FLUX_NET_LINE, .source = "Next", .data_size = sizeof(uint64_t), .queue_bytes = 300000};
  server = flux_net_listen(argc > 1 ? argv[1] : "*:7001", &options);
  printf("%d\n", server ? flux_net_port(server) : 0);
  return server ? fflush(stdout) : 1;
}

int Next(Next_out *out) { return flux_net_next(server, &out->client, &out->line, &out->length); }

int Say(Say_in *in) {
  uint64_t *room = flux_net_data(in->client);
  if (*room == 0) {
    *room = strtoul(in->line, NULL, 10);
    flux_net_join(in->client, *room);
    return flux_net_post(in->client, "welcome\n", 8);
  }
  in->line[in->length] = '\n';
  flux_net_broadcast(server, *room, in->line, in->length + 1);
  return 0;
}
