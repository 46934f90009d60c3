// settings_file.cpp - the settings file.
#include "settings/settings_file.h"
#include "settings/table.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace web {
namespace {

/// Reads a whole file. Returns 0 or an errno value.
int readFile(const std::string &name, std::string &content) {
  FILE *file = fopen(name.c_str(), "re");
  if (!file)
    return errno;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
    content.append(buffer, n);
  const int error = ferror(file) ? errno : 0;
  fclose(file);
  return error;
}

} // namespace

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
    server.read(siteKeys, settings.site);
    server.finish();
  } else {
    std::string what(parsed.error().description());
    what[0] = static_cast<char>(tolower(what[0]));
    reading.complain(parsed.error().source().begin, what);
  }
  return reading.isRight;
}

} // namespace web
