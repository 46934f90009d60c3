// keys.cpp - what can be set.
#include "settings/keys.h"

namespace web {

constexpr int64_t day = 24 * 60 * 60;

const std::vector<Key<Settings>> serverKeys = {
    {"address", List<Settings>{&Settings::addresses}},
    {"cache", Number<Settings>{&Settings::cache, 0, 1 << 20}},
    {"group", Text<Settings>{&Settings::group}},
    {"header-timeout", Number<Settings>{&Settings::headerTimeout, 1, day}},
    {"idle-timeout", Number<Settings>{&Settings::idleTimeout, 1, day}},
    {"min-rate", Number<Settings>{&Settings::minRate, 0, 1 << 30}},
    {"port", Number<Settings>{&Settings::port, 0, 65535}},
    {"send-timeout", Number<Settings>{&Settings::sendTimeout, 1, day}},
    {"unknown-hosts", Choice<Settings>{&Settings::unknownHosts, "serve", "refuse"}},
    {"user", Text<Settings>{&Settings::user}},
};

const std::vector<Key<SiteSettings>> siteKeys = {
    {"certificate", File<SiteSettings>{&SiteSettings::certificate}},
    {"dotfiles", Flag<SiteSettings>{&SiteSettings::dotfiles}},
    {"fallback", Path<SiteSettings>{&SiteSettings::fallback}},
    {"key", File<SiteSettings>{&SiteSettings::key}},
    {"listing", Flag<SiteSettings>{&SiteSettings::listing}},
    {"precompressed", Flag<SiteSettings>{&SiteSettings::precompressed}},
    {"root", File<SiteSettings>{&SiteSettings::root}},
};

} // namespace web
