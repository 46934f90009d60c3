#include "tls-chat.flux.h"
#include <stdio.h>

static flux_net_server *open, *secret;

static void greet(flux_net_connection *client) { flux_net_post(client, flux_tls_version(client), 8); }

/* ADDRESS DIRECTORY, where the certificate lies. */
int flux_init(int argc, char **argv) {
  char names[2][200];
  if (argc < 3)
    return 1;
  snprintf(names[0], sizeof names[0], "%s/one.pem", argv[2]);
  snprintf(names[1], sizeof names[1], "%s/one.key", argv[2]);
  flux_tls_certificate certificate = {names[0], names[1]};
  flux_net_options options = {.frame = FLUX_NET_LINE, .queue_bytes = 300000};
  open = flux_net_listen(argv[1], &options);
  options.tls = flux_tls_load(&certificate, 1, NULL);
  options.opened = greet;
  secret = options.tls ? flux_net_listen(argv[1], &options) : NULL;
  if (!open || !secret)
    return 1;
  printf("%d\n%d\n", flux_net_port(secret), flux_net_port(open));
  return fflush(stdout);
}

static int next(flux_net_server *server, char **line, size_t *length) {
  flux_net_connection *client;
  return flux_net_next(server, &client, line, length);
}

int NextSecret(NextSecret_out *out) { return next(secret, &out->line, &out->length); }
int NextOpen(NextOpen_out *out) { return next(open, &out->line, &out->length); }

int Say(Say_in *in) {
  in->line[in->length] = '\n';
  flux_net_broadcast(open, 0, in->line, in->length + 1);
  flux_net_broadcast(secret, 0, in->line, in->length + 1);
  return 0;
}
