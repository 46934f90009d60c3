// answer.cpp - results and refusals.
#include "request/answer.h"
#include "request/order.h"

#include <cstdio>
#include <cstring>

namespace image {
namespace {

void addLines(flux_http_request *request, std::string_view lines) {
  flux_http_set_lines(request, lines.data(), lines.size());
}

/// What a client can do about it.
std::string explain(const flux_http_request *request, int status) {
  std::string text;
  Order order;
  switch (status) {
  case 400:
    readOrder(request, order, text);
    return text;
  case 413:
    return "the picture has more bytes or pixels than this server takes";
  case 415:
    return "the file is no JPEG, PNG or WebP picture that stands still";
  case 422:
    return "the picture is broken";
  default:
    return text;
  }
}

} // namespace

void sendResult(flux_http_request *request, const Result &result) {
  const flux_http_document asked = {result.etag.c_str(), result.stamp.modified.tv_sec, result.encoded.bytes.size()};
  uint64_t first, length;
  const int status = flux_http_select(request, &asked, &first, &length);
  if (status == 412)
    return sendError(request, status);
  if (status == 206 || status == 416) {
    char range[80];
    snprintf(range, sizeof range, status == 416 ? "bytes */%llu" : "bytes %llu-%llu/%llu",
             static_cast<unsigned long long>(status == 416 ? asked.size : first),
             static_cast<unsigned long long>(first + length - 1), static_cast<unsigned long long>(asked.size));
    flux_http_set(request, "Content-Range", range);
  }
  if (status == 416)
    return sendError(request, status);
  addLines(request, status == 304 ? result.validators : result.headers);
  flux_http_reply(request, status, status == 304 ? nullptr : result.encoded.type, result.encoded.bytes.data() + first,
                  length);
}

void sendError(flux_http_request *request, int status) {
  if (status < 400) // an error of Flux: a node has thrown, for want of memory most likely
    status = 503;
  const std::string reason = explain(request, status);
  std::string text =
      std::to_string(status) + " " + flux_http_reason(status) + (reason.empty() ? "" : ": ") + reason + "\n";
  if (status == 405)
    flux_http_set(request, "Allow", "GET, HEAD");
  else if (status == 503)
    flux_http_set(request, "Retry-After", "1");
  flux_http_reply(request, status, "text/plain; charset=utf-8", text.data(), text.size());
}

} // namespace image
