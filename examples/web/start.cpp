// start.cpp - from settings to a server.
#include "start.h"
#include "files/cache.h"
#include "process/privileges.h"
#include "settings/options.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <flux/http2.h>
#include <flux/tls.h>

namespace web {
namespace {

Options options;
flux_net_server *listening;

/// All certificates, that for all hosts first: it is for clients that name none.
std::vector<flux_tls_certificate> certificatesOf(const Settings &settings) {
  std::vector<flux_tls_certificate> all;
  const auto add = [&all](const SiteSettings &site) {
    if (!site.certificate.empty())
      all.push_back({site.certificate.c_str(), (site.key.empty() ? site.certificate : site.key).c_str()});
  };
  add(settings.site);
  for (const HostSettings &host : settings.hosts)
    add(host.site);
  return all;
}

/// False after a message. Sets null if nothing is said of certificates.
bool prepareTls(const Settings &settings, const flux_tls_context *&tls) {
  const std::vector<flux_tls_certificate> all = certificatesOf(settings);
  tls = all.empty() ? nullptr : flux_tls_load(all.data(), all.size(), "h2,http/1.1");
  return all.empty() || tls;
}

flux_net_server *listen(const Settings &settings, const flux_tls_context *tls) {
  flux_http_options http = {};
  http.net.source = "Next";
  http.net.tls = tls;
  http.http2 = tls ? flux_http2() : nullptr;
  http.net.idle_ms = static_cast<uint32_t>(settings.idleTimeout * 1000);
  http.net.message_ms = static_cast<uint32_t>(settings.headerTimeout * 1000);
  http.net.send_ms = static_cast<uint32_t>(settings.sendTimeout * 1000);
  http.net.min_rate = static_cast<uint32_t>(settings.minRate);
  constexpr uint32_t reserve = 32; // what is open for a moment
  http.net.other_descriptors = reserve + static_cast<uint32_t>(mostDescriptors() + 2 * settings.hosts.size());
  return flux_http_listen(settings.listen().c_str(), &http);
}

} // namespace

flux_net_server *server() { return listening; }

} // namespace web

using namespace web;

extern "C" int flux_init(int argc, char **argv) {
  Settings settings;
  const flux_tls_context *tls;
  if (!options.parse(argc, argv) || !options.read(settings))
    return 1;
  const Sites *sites = openSites(settings);
  if (!sites || !prepareTls(settings, tls))
    return 1;
  if (options.isCheck()) {
    printf("web: the settings are right\n");
    exit(0);
  }
  listening = listen(settings, tls);
  if (!listening || !dropPrivileges(settings.user, settings.group) ||
      !makeCaches(flux_replicate("Next"), settings.cache << 20, *sites))
    return 1;
  drop(*sites);
  printf("serving %s at http%s://%s:%d/\n", settings.site.root.c_str(), tls ? "s" : "", settings.shown().c_str(),
         flux_net_port(listening));
  fflush(stdout);
  return 0;
}
