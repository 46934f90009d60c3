// error_page.cpp - answers that are no document.
#include "files/document.h"

#include <cstdio>
#include <cstring>

namespace web {

bool isKnownMethod(const char *method) {
  for (const char *known : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"})
    if (strcmp(method, known) == 0)
      return true;
  return false;
}

void sendErrorPage(flux_http_request *request, int status) {
  char page[256];
  const char *reason = flux_http_reason(status);
  int length = snprintf(page, sizeof page, "<!doctype html>\n<title>%d %s</title>\n<h1>%d %s</h1>\n", status, reason,
                        status, reason);
  flux_http_reply(request, status, "text/html; charset=utf-8", page, static_cast<size_t>(length));
}

} // namespace web
