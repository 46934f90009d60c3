// site_reader.cpp - what a settings file says of one site.
#include "settings/site_reader.h"

#include <algorithm>
#include <strings.h>

namespace web {
namespace {

/// What is the server's to say.
const char *const ownFields[] = {"Accept-Ranges", "Connection", "Content-Encoding",  "Content-Length", "Content-Range",
                                 "Date",          "ETag",       "Keep-Alive",        "Last-Modified",  "Location",
                                 "Server",        "Trailer",    "Transfer-Encoding", "Upgrade",        "Vary"};

/// How long all fields of a site may be that it sets, so that any answer has room for them.
constexpr size_t mostFieldBytes = 1200;

/// Statuses that the server answers with, but for those of requests that never reach it.
constexpr int ownStatuses[] = {403, 404, 405, 406, 412, 416, 421, 500, 501, 503};

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return isalnum(c) ||
           (c && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos);
  });
}

bool isValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c == '\t' || (c >= ' ' && c != 127); }) &&
         (text.empty() || (text.front() > ' ' && text.back() > ' '));
}

void readField(Reading &reading, const toml::key &name, const toml::node &node, HeaderSettings &rule) {
  const auto *value = node.as_string();
  const std::string field(name.str());
  const bool isOwn = std::any_of(std::begin(ownFields), std::end(ownFields),
                                 [&field](const char *own) { return strcasecmp(own, field.c_str()) == 0; });
  if (isOwn)
    reading.complain(name.source().begin, "the server itself says what '" + field + "' is");
  else if (!isToken(field))
    reading.complain(name.source().begin, "'" + field + "' is no name of a header field");
  else if (!value || !isValue(value->get()))
    reading.complain(node.source().begin, field + " takes a string without control characters and blanks at its ends");
  else
    rule.fields.emplace_back(field, value->get());
}

void readHeaders(Reading &reading, Table &table, SiteSettings &site) {
  for (const toml::table *each : table.tables("headers")) {
    Table rule(reading, *each);
    HeaderSettings read;
    rule.read<HeaderSettings>({{"path", Text<HeaderSettings>{&HeaderSettings::path}},
                               {"always", Flag<HeaderSettings>{&HeaderSettings::always}}},
                              read);
    if (const toml::table *fields = rule.inner("set"))
      for (const auto &[name, node] : *fields)
        readField(reading, name, node, read);
    if (read.path.empty())
      rule.miss("path", "[[headers]]");
    rule.finish();
    site.headers.push_back(read);
  }
  size_t bytes = 0;
  for (const HeaderSettings &rule : site.headers)
    for (const auto &[name, value] : rule.fields)
      bytes += name.size() + value.size() + 4;
  if (bytes > mostFieldBytes)
    reading.complain(table.find("headers")->source().begin, "header fields have " + std::to_string(bytes) +
                                                                " bytes, but there is room for " +
                                                                std::to_string(mostFieldBytes));
}

void readErrorPages(Reading &reading, Table &table, SiteSettings &site) {
  const toml::table *pages = table.inner("error-pages");
  if (!pages)
    return;
  Table statuses(reading, *pages);
  for (int status : ownStatuses) {
    const std::string key = std::to_string(status);
    const toml::node *node = statuses.find(key);
    const auto *file = node ? node->as_string() : nullptr;
    if (file && !file->get().empty())
      site.errorPages[status] = reading.resolve(file->get());
    else if (node)
      statuses.refuse(key, *node, "the name of a file");
  }
  statuses.finish();
}

} // namespace

void readSite(Reading &reading, Table &table, SiteSettings &site) {
  table.read(siteKeys, site);
  readHeaders(reading, table, site);
  readErrorPages(reading, table, site);
}

} // namespace web
