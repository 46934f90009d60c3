#include "http2-errors.flux.h"
#include <stdio.h>

/* What lives as long as the process, for LeakSanitizer to see. */
const flux_tls_context *contexts[6];
flux_net_server *servers[6];
static int made;

static int listens(const char *protocols, int isLoaded, const flux_http2_protocol *http2) {
  const flux_tls_certificate certificate = {"one.pem", "one.key"};
  flux_http_options options = {.http2 = http2};
  if (isLoaded && !(options.net.tls = contexts[made] = flux_tls_load(&certificate, 1, protocols)))
    return -1;
  return (servers[made++] = flux_http_listen("127.0.0.1:0", &options)) != NULL;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  if (listens(NULL, 0, flux_http2()) || listens(NULL, 1, flux_http2()) || listens("http/1.1", 1, flux_http2()) ||
      listens("h2,http/1.1", 1, NULL))
    return 1;
  if (!listens("h2,http/1.1", 1, flux_http2()) || !listens("http/1.1", 1, NULL))
    return 1;
  fprintf(stderr, "good\n");
  return 0;
}

int Next(Next_out *out) {
  out->number = 0;
  return FLUX_STOP;
}

int Count(Count_in *in) { return in->number; }
