// start.cpp - from options to a server.
#include "start.h"
#include "pictures/decode.h"
#include "settings/options.h"

#include <cstdio>
#include <cstring>
#include <flux/tls.h>

namespace image {
namespace {

flux_net_server *listening;
std::unique_ptr<Cache> results;

/// False after a message. Sets null if nothing is said of certificates.
bool prepareTls(const Options &options, const flux_tls_context *&tls) {
  tls = nullptr;
  if (!options.certificate)
    return true;
  const flux_tls_certificate certificate = {options.certificate, options.key ? options.key : options.certificate};
  tls = flux_tls_load(&certificate, 1, "http/1.1");
  return tls != nullptr;
}

flux_net_server *listen(const Options &options, const flux_tls_context *tls) {
  flux_http_options http = {};
  http.net.source = "Next";
  http.net.tls = tls;
  http.net.idle_ms = static_cast<uint32_t>(options.idleTimeout * 1000);
  http.net.send_ms = static_cast<uint32_t>(options.sendTimeout * 1000);
  // An answer is copied into the queue whole.
  http.net.queue_bytes = UINT32_MAX;
  http.net.other_descriptors = 256; // each flow may be reading a file
  const std::string where = std::string(options.address) + ":" + std::to_string(options.port);
  return flux_http_listen(where.c_str(), &http);
}

} // namespace

flux_net_server *server() { return listening; }

Cache &cache() { return *results; }

} // namespace image

using namespace image;

extern "C" int flux_init(int argc, char **argv) {
  Options options;
  const flux_tls_context *tls;
  if (!options.parse(argc, argv) || !prepareTls(options, tls))
    return 1;
  if (const int error = openRoot(options.root, options.maxFile << 20)) {
    fprintf(stderr, "image: cannot serve %s: %s\n", options.root, strerror(error));
    return 1;
  }
  setMaxPixels(options.maxPixels * 1'000'000);
  setMaxAge(options.maxAge);
  results = std::make_unique<Cache>((options.cache << 20) / flux_processes());
  listening = listen(options, tls);
  if (!listening)
    return 1;
  printf("serving %s at http%s://%s:%d/\n", options.root, tls ? "s" : "",
         strcmp(options.address, "*") == 0 ? "localhost" : options.address, flux_net_port(listening));
  fflush(stdout);
  return 0;
}
