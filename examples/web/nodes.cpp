// nodes.cpp - the source, and the ends of a request's flow.
#include "files/document.h"
#include "files/path.h"
#include "start.h"
#include "web.flux.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <string>
#include <unistd.h>

using namespace web;

namespace {

/// Every answer says who gives it.
constexpr std::string_view product = "Server: flux\r\n";

void addLines(flux_http_request *request, std::string_view lines) {
  flux_http_set_lines(request, lines.data(), lines.size());
}

/// Sends some of a document: its bytes, or those of its file.
int send(flux_http_request *request, int status, const Document &document, uint64_t first, uint64_t length) {
  if (document.content)
    return flux_http_reply(request, status, nullptr, document.content.get() + first, length);
  int file = length > 0 ? fcntl(document.fd, F_DUPFD_CLOEXEC, 0) : -1;
  if (length > 0 && file < 0)
    return 503;
  return length > 0 ? flux_http_reply_file(request, status, nullptr, file, first, length)
                    : flux_http_reply(request, status, nullptr, "", 0);
}

int reply(flux_http_request *request, const Document &document) {
  const flux_http_document asked = {document.etag.c_str(), document.modified.tv_sec,
                                    static_cast<uint64_t>(document.size)};
  uint64_t first, length;
  int status = flux_http_select(request, &asked, &first, &length);
  if (status == 412)
    return status;
  addLines(request, product);
  if (status == 416 || status == 206) {
    char range[80];
    std::snprintf(range, sizeof range, status == 416 ? "bytes */%llu" : "bytes %llu-%llu/%llu",
                  static_cast<unsigned long long>(status == 416 ? asked.size : first),
                  static_cast<unsigned long long>(first + length - 1), static_cast<unsigned long long>(asked.size));
    flux_http_set(request, "Content-Range", range);
  }
  if (status == 416) {
    sendErrorPage(request, status);
    return 0;
  }
  addLines(request, status == 304 ? document.validators : document.headers);
  return send(request, status, document, first, length);
}

/// Where a directory is that was asked for without its slash.
std::string locationOf(const flux_http_request *request) {
  size_t length;
  const char *path = flux_http_path(request, &length);
  std::string location;
  appendEncoded({path, length}, location);
  location += '/';
  if (const char *query = flux_http_query(request, nullptr))
    location.append("?").append(query);
  return location;
}

} // namespace

int Next(Next_out *out) { return flux_http_next(server(), &out->request); }

int64_t CopyOf(Page_in *) { return flux_replica(); }

int Check(Check_in *in, Check_out *out) {
  const char *method = flux_http_method(in->request);
  out->request = in->request;
  if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
    return 0;
  return isKnownMethod(method) ? 405 : 501;
}

int Reply(Reply_in *in) {
  int status = reply(in->request, *in->document);
  drop(in->document);
  return status;
}

void Refuse(Page_in *in, int status) try {
  addLines(in->request, product);
  if (status == 301)
    flux_http_set(in->request, "Location", locationOf(in->request).c_str());
  else if (status == 405)
    flux_http_set(in->request, "Allow", "GET, HEAD");
  else if (status == 503)
    flux_http_set(in->request, "Retry-After", "1");
  sendErrorPage(in->request, status);
} catch (const std::bad_alloc &) {
  flux_net_abort(flux_http_connection(in->request));
}
