// sites.cpp - all sites of one reading of the settings.
#include "sites/site.h"

namespace web {

const Site *Sites::find(std::string_view host) const {
  if (others.empty())
    return servesUnknown || host.empty() ? &main : nullptr;
  const auto own = byName.find(host);
  if (own != byName.end())
    return own->second;
  // From the longest end on.
  for (size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1)) {
    const auto below = byEnd.find(host.substr(dot));
    if (below != byEnd.end())
      return below->second;
  }
  return servesUnknown || host.empty() ? &main : nullptr;
}

const Sites *openSites(const Settings &settings) {
  auto sites = std::make_unique<Sites>();
  sites->servesUnknown = settings.unknownHosts == "serve";
  sites->main.all = sites.get();
  bool isOpen = sites->main.open(settings.site);
  for (const HostSettings &host : settings.hosts) {
    auto site = std::make_unique<Site>();
    site->all = sites.get();
    isOpen &= site->open(host.site);
    for (const std::string &name : host.names)
      (name[0] == '*' ? sites->byEnd : sites->byName).emplace(name.substr(name[0] == '*'), site.get());
    sites->others.push_back(std::move(site));
  }
  return isOpen ? sites.release() : nullptr;
}

void hold(const Sites &sites) {
  // Relaxed: who hands out a reference has one, so nothing is ordered by taking another.
  sites.references.fetch_add(1, std::memory_order_relaxed);
}

void drop(const Sites &sites) {
  // Release: our reads come before the deletion; acquire: the deletion comes after everybody's.
  if (sites.references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete &sites;
}

} // namespace web
