// settings_file.cpp - the settings file.
#include "settings/settings_file.h"
#include "files/read.h"
#include "settings/host_reader.h"
#include "settings/site_reader.h"

#include <cstdio>
#include <cstring>

namespace web {

bool readSettingsFile(const std::string &name, Settings &settings) {
  std::string content;
  if (const int error = readFile(name, content)) {
    fprintf(stderr, "web: cannot read %s: %s\n", name.c_str(), strerror(error));
    return false;
  }
  Reading reading{name};
  const toml::parse_result parsed = toml::parse(content);
  if (parsed) {
    Table server(reading, parsed.table());
    server.read(serverKeys, settings);
    readSite(reading, server, settings.site);
    readHosts(reading, server, settings);
    server.finish();
  } else {
    std::string what(parsed.error().description());
    what[0] = static_cast<char>(tolower(what[0]));
    reading.complain(parsed.error().source().begin, what);
  }
  return reading.isRight;
}

} // namespace web
