#include "served.flux.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int forever, hold, flows = 3, next, visits[2];

int flux_init(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--fail") == 0)
    return 1;
  forever = argc > 1 && strcmp(argv[1], "--forever") == 0;
  hold = argc > 1 && strcmp(argv[1], "--hold") == 0;
  if (hold)
    flows = 5; /* the last two meet in Wait */
  return 0;
}

int Next(Next_out *out) {
  if (next == 0) {
    puts("ready");
    fflush(stdout);
  }
  if (next == flows) {
    sleep(100); /* until a signal comes */
    return FLUX_AGAIN;
  }
  out->number = next++;
  return 0;
}

int64_t SessionOf(Serve_in *in) { return in->number % 2; }

int Hash(Hash_in *in, Hash_out *out) {
  out->number = in->number ^ 1;
  return in->number == 1; /* nobody handles it */
}

int Store(Store_in *in, Store_out *out) {
  out->number = in->number;
  ++visits[flux_session()];
  return 0;
}

int Wait(Wait_in *in) {
  while (forever)
    usleep(1000);
  while (hold && (in->number ^ 1) >= 3 && !flux_stopping())
    usleep(1000);
  usleep(1000);
  return in->number == 3;
}

void Lost(Wait_in *in, int error) { (void)in, (void)error; }
