// sites.cpp - all sites of one reading of the settings.
#include "sites/site.h"

namespace web {

const Site *Sites::find(std::string_view) const { return &main; }

const Sites *openSites(const Settings &settings) {
  auto sites = std::make_unique<Sites>();
  sites->main.all = sites.get();
  return sites->main.open(settings.site) ? sites.release() : nullptr;
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
