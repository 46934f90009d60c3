// compose.cpp - what of a document a request gets: conditions and ranges, and the head that says so.
#include "document.h"
#include "http_date.h"
#include "response.h"
#include "web.flux.h"

#include <charconv>
#include <new>

using namespace web;

namespace {

std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// True if the list of entity tags has `etag` or is "*". Weak tags count if `weak`.
bool listsTag(std::string_view list, std::string_view etag, bool weak) {
  list = trimmed(list);
  if (list == "*")
    return true;
  while (!list.empty()) {
    bool isWeak = list.substr(0, 2) == "W/";
    if (isWeak)
      list.remove_prefix(2);
    if (list.empty() || list[0] != '"')
      return false;
    size_t close = list.find('"', 1);
    if (close == std::string_view::npos)
      return false;
    if (list.substr(0, close + 1) == etag && (weak || !isWeak))
      return true;
    size_t next = list.find_first_not_of(" \t,", close + 1);
    list = next == std::string_view::npos ? std::string_view() : list.substr(next);
  }
  return false;
}

/// The order of RFC 9110, section 13.2.2. Returns 200, 304 or 412.
int evaluateConditions(const Request &request, const Document &document) {
  time_t modified = document.modified.tv_sec;
  if (!request.ifMatch.empty()) {
    if (!listsTag(request.ifMatch, document.etag, false))
      return 412;
  } else if (!request.ifUnmodifiedSince.empty()) {
    time_t since = parseDate(request.ifUnmodifiedSince);
    if (since != -1 && modified > since)
      return 412;
  }
  if (!request.ifNoneMatch.empty())
    return listsTag(request.ifNoneMatch, document.etag, true) ? 304 : 200;
  if (!request.ifModifiedSince.empty()) {
    time_t since = parseDate(request.ifModifiedSince);
    if (since != -1 && modified <= since)
      return 304;
  }
  return 200;
}

/// A part of a document.
struct Part {
  int64_t offset;
  int64_t length;
};

/// Reads digits off the front of `text`. Numbers beyond the range of files are as good as the largest.
bool takeNumber(std::string_view &text, int64_t &number) {
  auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ptr == text.data() || text[0] == '-')
    return false;
  if (result.ec == std::errc::result_out_of_range)
    number = INT64_MAX;
  text.remove_prefix(result.ptr - text.data());
  return true;
}

/// Reads a Range header with one range. Returns 206 with `part` set, 416, or 200 if the header is to be ignored:
/// several ranges, another unit, bad syntax.
int evaluateRange(std::string_view range, int64_t size, Part &part) {
  if (range.substr(0, 6) != "bytes=")
    return 200;
  range = trimmed(range.substr(6));
  int64_t first = -1, last = INT64_MAX;
  bool hasFirst = takeNumber(range, first);
  if (range.empty() || range[0] != '-')
    return 200;
  range.remove_prefix(1);
  bool hasLast = takeNumber(range, last);
  if (!range.empty() || (!hasFirst && !hasLast) || (hasFirst && hasLast && last < first))
    return 200;
  if (hasFirst) {
    if (first >= size)
      return 416;
    last = last < size - 1 ? last : size - 1;
  } else {
    if (last == 0 || size == 0)
      return 416;
    first = last < size ? size - last : 0;
    last = size - 1;
  }
  part = {first, last - first + 1};
  return 206;
}

/// True if the Range header counts: If-Range is missing or names the document as it is now.
bool rangeApplies(const Request &request, const Document &document) {
  if (request.range.empty() || request.head)
    return false;
  std::string_view condition = trimmed(request.ifRange);
  return condition.empty() || condition == document.etag || condition == document.lastModified;
}

void appendContentRange(std::string &head, const Part &part, int64_t size) {
  head.append("Content-Range: bytes ").append(std::to_string(part.offset)).append("-");
  head.append(std::to_string(part.offset + part.length - 1)).append("/").append(std::to_string(size)).append("\r\n");
}

} // namespace

int Compose(Compose_in *in, Compose_out *out) try {
  Connection &c = connection(in->socket);
  const Document &document = *in->document;
  const Request &request = c.exchange->request;
  std::string &head = c.exchange->head;
  Part part = {0, document.size};
  int status = evaluateConditions(request, document);
  if (status == 200 && rangeApplies(request, document))
    status = evaluateRange(request.range, document.size, part);
  if (status == 412 || status == 416)
    return status;
  beginHead(c, status, in->close);
  if (status == 304) {
    head.append("Last-Modified: ").append(document.lastModified).append("\r\nETag: ");
    head.append(document.etag).append("\r\n");
    part.length = 0;
    head.append("\r\n");
  } else if (status == 206) {
    head.append(document.headers);
    appendContentRange(head, part, document.size);
    appendNumber(head, "Content-Length", part.length);
    head.append("\r\n");
  } else {
    head.append(document.whole);
  }
  c.exchange->offset = part.offset;
  out->socket = in->socket;
  out->close = in->close;
  out->length = request.head ? 0 : part.length;
  out->content = document.content ? document.content.get() + part.offset : nullptr;
  out->output = &head[0];
  return 0;
} catch (const std::bad_alloc &) {
  return 503;
}
