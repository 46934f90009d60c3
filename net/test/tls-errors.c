#include "tls-errors.flux.h"
#include <stdio.h>

static flux_tls_context *context;

static int load(const char *chain, const char *key, const char *protocols) {
  flux_tls_certificate certificate = {chain, key};
  return flux_tls_load(&certificate, 1, protocols) != NULL;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  int loaded = load("none.pem", "one.key", NULL) + load("one.key", "one.key", NULL) +
               load("one.pem", "none.key", NULL) + load("one.pem", "two.key", NULL) +
               load("one.pem", "locked.key", NULL) + (flux_tls_load(NULL, 0, NULL) != NULL) +
               load("one.pem", "one.key", "") + load("one.pem", "one.key", "h2,,h3");
  flux_tls_certificate good = {"one.pem", "one.key"};
  context = flux_tls_load(&good, 1, "h2,http/1.1");
  if (loaded > 0 || !context)
    return 1;
  fprintf(stderr, "good\n");
  return 0;
}

int Next(Next_out *out) {
  out->number = 0;
  return FLUX_STOP;
}

int Count(Count_in *in) { return in->number; }
