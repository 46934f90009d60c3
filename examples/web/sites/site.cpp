// site.cpp - one site.
#include "sites/site.h"
#include "files/read.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <flux/http.h>
#include <fnmatch.h>
#include <strings.h>

using namespace web;

bool Site::open(const SiteSettings &given) {
  settings = given;
  if (const int error = root.open(settings.root.c_str())) {
    fprintf(stderr, "web: cannot serve %s: %s\n", settings.root.c_str(), strerror(error));
    return false;
  }
  for (const auto &[status, file] : settings.errorPages) {
    ErrorPage page = {flux_http_media_type(file.c_str()), {}};
    if (const int error = readFile(file, page.content)) {
      fprintf(stderr, "web: cannot read %s: %s\n", file.c_str(), strerror(error));
      return false;
    }
    errorPages.emplace(status, std::move(page));
  }
  return true;
}

std::string Site::headersOf(std::string_view path, bool isError) const {
  const std::string name(path);
  std::vector<std::pair<std::string, std::string>> fields;
  for (const HeaderSettings &rule : settings.headers) {
    if ((isError && !rule.always) || fnmatch(rule.path.c_str(), name.c_str(), 0) != 0)
      continue;
    for (const auto &[field, value] : rule.fields) {
      const auto isSame = [&field = field](const auto &other) {
        return strcasecmp(other.first.c_str(), field.c_str()) == 0;
      };
      fields.erase(std::remove_if(fields.begin(), fields.end(), isSame), fields.end());
      fields.emplace_back(field, value);
    }
  }
  std::string lines;
  for (const auto &[field, value] : fields)
    if (!value.empty())
      lines.append(field).append(": ").append(value).append("\r\n");
  return lines;
}
