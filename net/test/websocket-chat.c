#include "websocket-chat.flux.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static flux_net_server *web, *sockets;

/* ADDRESS and the directory of the certificates. */
int flux_init(int argc, char **argv) {
  char names[2][200];
  if (argc < 3)
    return 1;
  snprintf(names[0], sizeof names[0], "%s/one.pem", argv[2]);
  snprintf(names[1], sizeof names[1], "%s/one.key", argv[2]);
  flux_tls_certificate certificate = {names[0], names[1]};
  flux_http_options options = {.net = {.source = "NextRequest", .tls = flux_tls_load(&certificate, 1, "http/1.1")}};
  flux_websocket_options ours = {
      .net = {
          .source = "NextMessage", .data_size = sizeof(unsigned long), .max_message = 200000, .queue_bytes = 300000}};
  web = options.net.tls ? flux_http_listen(argv[1], &options) : NULL;
  sockets = web ? flux_websocket_serve(web, &ours) : NULL;
  printf("%d\n", sockets ? flux_net_port(web) : 0);
  return sockets ? fflush(stdout) : 1;
}

int NextRequest(NextRequest_out *out) { return flux_http_next(web, &out->request); }

int Enter(Enter_in *in) {
  if (!flux_websocket_asked(in->request))
    return flux_http_reply(in->request, 200, "text/plain", "rooms\n", 6);
  const unsigned long room = strtoul(flux_http_path(in->request, NULL) + 1, NULL, 10);
  const int error = flux_websocket_accept(in->request, sockets, NULL);
  if (error)
    return error;
  flux_net_connection *client = flux_http_connection(in->request);
  *(unsigned long *)flux_net_data(client) = room;
  flux_net_join(client, room);
  return flux_websocket_post(client, FLUX_WEBSOCKET_TEXT, "welcome", 7);
}

int NextMessage(NextMessage_out *out) {
  return flux_websocket_next(sockets, &out->client, &out->data, &out->length, &out->type);
}

int Say(Say_in *in) {
  const unsigned long room = *(unsigned long *)flux_net_data(in->client);
  flux_websocket_broadcast(sockets, strcmp(in->data, "all") == 0 ? 0 : room, in->type, in->data, in->length);
  return flux_websocket_broadcast(sockets, room, 9, "", 0) == 0 ? 0 : 1; /* no such type */
}
