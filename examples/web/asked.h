// asked.h - what a request is about.
#ifndef WEB_ASKED_H
#define WEB_ASKED_H

#include <flux/http.h>

#include <string_view>

namespace web {

inline std::string_view pathOf(const flux_http_request *request) {
  size_t length;
  const char *path = flux_http_path(request, &length);
  return {path, length};
}

inline std::string_view hostOf(const flux_http_request *request) {
  size_t length;
  const char *host = flux_http_host(request, &length);
  return {host, length};
}

} // namespace web

#endif // WEB_ASKED_H
