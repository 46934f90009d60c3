#include "ticks.flux.h"
#include <stdio.h>

enum { MOST = 100 };
static flux_net_socket *sock;
static flux_net_ticker *ticker;
static flux_net_address players[MOST];
static int count;

int flux_init(int argc, char **argv) {
  sock = flux_net_bind(argc > 1 ? argv[1] : "*:7002");
  ticker = flux_net_every(20);
  printf("%d\n", sock ? flux_net_socket_port(sock) : 0);
  return sock && ticker ? fflush(stdout) : 1;
}

int Receive(Receive_out *out) { return flux_net_receive(sock, &out->datagram, &out->data, &out->length); }
int Tick(Tick_out *out) { return flux_net_tick(ticker, &out->number); }

int Join(Join_in *in) {
  if (count < MOST)
    players[count++] = *flux_net_sender(in->datagram);
  return flux_net_reply(in->datagram, in->data, in->length);
}

int Tell(Tell_in *in) {
  char text[32];
  const int length = snprintf(text, sizeof text, "%d", (int)in->number);
  for (int i = 0; i < count; ++i)
    flux_net_send_to(sock, &players[i], text, length);
  return 0;
}
