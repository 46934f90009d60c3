// nodes.cpp - the source, and the ends of a request's flow.
#include "asked.h"
#include "files/document.h"
#include "sites/error_page.h"
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
int send(flux_http_request *request, int status, const Form &form, uint64_t first, uint64_t length) {
  if (form.content || length == 0)
    return flux_http_reply(request, status, nullptr, form.content ? form.content.get() + first : "", length);
  const int file = fcntl(form.file.get(), F_DUPFD_CLOEXEC, 0);
  return file < 0 ? 503 : flux_http_reply_file(request, status, nullptr, file, first, length);
}

int reply(flux_http_request *request, const Document &document) {
  const Form *form = choose(request, document);
  if (!form)
    return 406;
  const bool isFile = !form->etag.empty(); // else a page that was made
  const flux_http_document asked = {isFile ? form->etag.c_str() : nullptr, isFile ? form->modified.tv_sec : INT64_MIN,
                                    static_cast<uint64_t>(form->size)};
  uint64_t first, length;
  const int status = flux_http_select(request, &asked, &first, &length);
  if (status == 416 || status == 206) {
    char range[80];
    std::snprintf(range, sizeof range, status == 416 ? "bytes */%llu" : "bytes %llu-%llu/%llu",
                  static_cast<unsigned long long>(status == 416 ? asked.size : first),
                  static_cast<unsigned long long>(first + length - 1), static_cast<unsigned long long>(asked.size));
    flux_http_set(request, "Content-Range", range);
  }
  if (status == 412 || status == 416)
    return status;
  addLines(request, product);
  addLines(request, status == 304 ? form->validators : form->headers);
  return send(request, status, *form, first, length);
}

/// Where a directory is that was asked for without its slash.
std::string locationOf(const flux_http_request *request) {
  std::string location;
  appendEncoded(pathOf(request), location);
  location += '/';
  if (const char *query = flux_http_query(request, nullptr))
    location.append("?").append(query);
  return location;
}

/// Answers with what an error means. Null: it is of no site.
void refuse(flux_http_request *request, int status, const Site *site) try {
  addLines(request, product);
  if (status == 301)
    flux_http_set(request, "Location", locationOf(request).c_str());
  else if (status == 405)
    flux_http_set(request, "Allow", "GET, HEAD");
  else if (status == 406)
    flux_http_set(request, "Vary", "Accept-Encoding");
  else if (status == 503)
    flux_http_set(request, "Retry-After", "1");
  sendErrorPage(request, status, site);
} catch (const std::bad_alloc &) {
  flux_net_abort(flux_http_connection(request));
}

} // namespace

int Next(Next_out *out) { return flux_http_next(server(), &out->request); }

int64_t CopyOf(Page_in *) { return flux_replica(); }

int Check(Check_in *in, Check_out *out) {
  const char *method = flux_http_method(in->request);
  *out = {in->request, in->site, in->document};
  if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
    return 0;
  return flux_http_refuse_method(method);
}

int Reply(Reply_in *in) {
  const int status = reply(in->request, *in->document);
  if (status == 0)
    drop(in->document);
  return status;
}

void Refuse(Check_in *in, int status) {
  refuse(in->request, status, in->site ? in->site : in->document->site);
  if (in->document)
    drop(in->document);
  if (in->site)
    drop(*in->site->all);
}

void Misdirected(CheckCache_in *in, int status) { refuse(in->request, status, nullptr); }
