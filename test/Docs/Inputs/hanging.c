#include "hanging.flux.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { kClients = 7 };
static int ends[2], next, held;

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  return pipe(ends);
}

/* The first flow has the constraint before there is a second. The last fails. */
int Listen(Listen_out *out) {
  while (next > 0 && !__atomic_load_n(&held, __ATOMIC_ACQUIRE))
    usleep(1000);
  if (next == kClients) {
    puts("ready");
    fflush(stdout);
    for (;;)
      pause();
  }
  out->client = next++;
  return 0;
}

int Parse(Parse_in *in, Parse_out *out) {
  out->client = in->client;
  return in->client == 1 ? EPROTO : 0;
}

int Update(Update_in *in) {
  char byte;
  __atomic_store_n(&held, in->client + 1, __ATOMIC_RELEASE);
  return read(ends[0], &byte, 1) != 1;
}
