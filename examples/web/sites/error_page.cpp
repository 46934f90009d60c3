// error_page.cpp - answers that are no document.
#include "sites/error_page.h"
#include "asked.h"

#include <cstdio>

namespace web {
namespace {

/// Sets what the site wants in the head.
void addHeaders(flux_http_request *request, int status, const Site &site) {
  const std::string lines = site.headersOf(pathOf(request), true);
  flux_http_set_lines(request, lines.data(), lines.size());
  // Somebody else is answered with the fallback.
  if (status == 404 && !site.settings.fallback.empty())
    flux_http_set(request, "Vary", "Accept");
}

} // namespace

void sendErrorPage(flux_http_request *request, int status, const Site *site) {
  if (site) {
    addHeaders(request, status, *site);
    const auto own = site->errorPages.find(status);
    if (own != site->errorPages.end()) {
      flux_http_reply(request, status, own->second.type, own->second.content.data(), own->second.content.size());
      return;
    }
  }
  char page[256];
  const char *reason = flux_http_reason(status);
  int length = snprintf(page, sizeof page, "<!doctype html>\n<title>%d %s</title>\n<h1>%d %s</h1>\n", status, reason,
                        status, reason);
  flux_http_reply(request, status, "text/html; charset=utf-8", page, static_cast<size_t>(length));
}

} // namespace web
