// host_reader.cpp - the hosts of a settings file.
#include "settings/host_reader.h"
#include "settings/site_reader.h"

#include <algorithm>
#include <set>

namespace web {
namespace {

bool isName(std::string_view name) {
  if (name.substr(0, 2) == "*.")
    name.remove_prefix(2);
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._[]:") == std::string_view::npos;
}

void readNames(Reading &reading, Table &table, std::set<std::string> &taken, HostSettings &host) {
  const toml::node *node = table.find("names");
  if (!node)
    return table.miss("names", "[[host]]");
  for (std::string &name : table.strings("names", *node)) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return tolower(c); });
    if (!isName(name))
      reading.complain(node->source().begin, "'" + name + "' is no name of a host");
    else if (!taken.insert(name).second)
      reading.complain(node->source().begin, "'" + name + "' is named twice");
    else
      host.names.push_back(name);
  }
}

} // namespace

void readHosts(Reading &reading, Table &table, Settings &settings) {
  std::set<std::string> taken;
  for (const toml::table *each : table.tables("host")) {
    Table own(reading, *each);
    HostSettings host;
    readNames(reading, own, taken, host);
    host.site = settings.site;
    host.site.certificate.clear(); // that of all is for whoever has no better one
    host.site.key.clear();
    if (!each->contains("root"))
      own.miss("root", "[[host]]");
    readSite(reading, own, host.site);
    if (host.site.certificate.empty() && !host.site.key.empty())
      own.miss("certificate", "[[host]] with a key");
    own.finish();
    settings.hosts.push_back(host);
  }
}

} // namespace web
