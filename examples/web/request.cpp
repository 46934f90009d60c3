// request.cpp - from the bytes of a request head to a Request, by way of llhttp.
#include "request.h"

#include <llhttp.h>
#include <strings.h>

namespace web {
namespace {

/// Longer bodies of a GET are refused rather than read and thrown away.
constexpr uint64_t maxIgnoredBody = 1 << 20;
constexpr unsigned maxHeaders = 128;

/// What the parser's callbacks fill in. One head is given to llhttp in one piece, so every span arrives whole.
struct Parse {
  llhttp_t parser; // first, so that a callback's parser leads back here
  Request *request;
  std::string_view *value = nullptr; // where the value of the current header goes, if it is wanted
  bool inValue = false;
  bool inHost = false;
  bool expects = false;
  bool complete = false;
  bool chunked = false;
  unsigned hosts = 0;
  unsigned headers = 0;
  int status = 0;
};

Parse &self(llhttp_t *parser) { return *reinterpret_cast<Parse *>(parser); }

bool is(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() && strncasecmp(name.data(), wanted.data(), name.size()) == 0;
}

/// Returns where the value of header `name` is kept, or null.
std::string_view *slotFor(std::string_view name, Request &request) {
  switch (name.size()) {
  case 5:
    return is(name, "Range") ? &request.range : nullptr;
  case 8:
    return is(name, "If-Match") ? &request.ifMatch : is(name, "If-Range") ? &request.ifRange : nullptr;
  case 13:
    return is(name, "If-None-Match") ? &request.ifNoneMatch : nullptr;
  case 17:
    return is(name, "If-Modified-Since") ? &request.ifModifiedSince : nullptr;
  case 19:
    return is(name, "If-Unmodified-Since") ? &request.ifUnmodifiedSince : nullptr;
  default:
    return nullptr;
  }
}

int onUrl(llhttp_t *parser, const char *at, size_t length) {
  self(parser).request->target = {at, length};
  return 0;
}

int onHeaderField(llhttp_t *parser, const char *at, size_t length) {
  Parse &parse = self(parser);
  std::string_view name(at, length);
  parse.inValue = false;
  parse.inHost = is(name, "Host");
  parse.hosts += parse.inHost;
  parse.expects |= is(name, "Expect");
  parse.value = slotFor(name, *parse.request);
  // llhttp lets a name end in spaces; RFC 9112 does not, since the next server may read another header there.
  if (name.back() == ' ' || name.back() == '\t')
    parse.status = 400;
  if (++parse.headers > maxHeaders)
    parse.status = 431;
  return parse.status ? -1 : 0;
}

int onHeaderValue(llhttp_t *parser, const char *at, size_t length) {
  Parse &parse = self(parser);
  // A second span for one header is a value folded over several lines, which RFC 9112 lets a server refuse.
  if (parse.inValue && length != 0)
    parse.status = 400;
  parse.inValue = true;
  if (parse.value)
    *parse.value = {at, length};
  return parse.status ? -1 : 0;
}

int onHeadersComplete(llhttp_t *parser) {
  Parse &parse = self(parser);
  parse.complete = true;
  parse.chunked = (parser->flags & F_TRANSFER_ENCODING) != 0;
  parse.request->keepAlive = llhttp_should_keep_alive(parser);
  parse.request->bodyLength = parser->content_length;
  return 0;
}

const llhttp_settings_t *settings() {
  static const llhttp_settings_t instance = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_url = onUrl;
    s.on_header_field = onHeaderField;
    s.on_header_value = onHeaderValue;
    s.on_headers_complete = onHeadersComplete;
    return s;
  }();
  return &instance;
}

bool isTokenChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

/// llhttp knows the registered methods and HTTP up to 2.0 only. A well-formed request line with another method deserves
/// 501 and one with another version 505, not 400.
int statusOfRefusedLine(llhttp_errno_t error, std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  size_t method = 0;
  while (method < line.size() && isTokenChar(line[method]))
    ++method;
  size_t last = line.rfind(' ');
  if (method == 0 || method == line.size() || line[method] != ' ' || last == method)
    return 400;
  std::string_view version = line.substr(last + 1);
  auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !isDigit(version[5]) || version[6] != '.' ||
      !isDigit(version[7]))
    return 400;
  if (version[5] != '1' || error == HPE_INVALID_VERSION)
    return 505;
  return error == HPE_INVALID_METHOD ? 501 : 400;
}

int statusOfError(llhttp_errno_t error, std::string_view text) {
  switch (error) {
  case HPE_OK: // it waits for more, although the head is at its end: the preface of HTTP/2
  case HPE_INVALID_METHOD:
  case HPE_INVALID_VERSION:
  case HPE_PAUSED_H2_UPGRADE:
    return statusOfRefusedLine(error, text);
  case HPE_INVALID_TRANSFER_ENCODING:
    return 501;
  default:
    return 400;
  }
}

} // namespace

int parseRequest(std::string_view text, Request &request) {
  Parse parse;
  parse.request = &request;
  llhttp_init(&parse.parser, HTTP_REQUEST, settings());
  llhttp_errno_t error = llhttp_execute(&parse.parser, text.data(), text.size());
  const llhttp_t &parser = parse.parser;
  if (parse.status)
    return parse.status;
  // What comes behind the head, a body or another protocol, is no concern of the parser.
  if (!parse.complete || error == HPE_INVALID_TRANSFER_ENCODING)
    return statusOfError(error, text);
  if (parser.http_major != 1)
    return 505;
  request.http11 = parser.http_minor >= 1;
  request.head = parser.method == HTTP_HEAD;
  if (parse.hosts > 1 || (request.http11 && parse.hosts == 0))
    return 400;
  if (parser.method != HTTP_GET && parser.method != HTTP_HEAD)
    return 405;
  if (request.bodyLength > maxIgnoredBody)
    return 413;
  // A client that expects "100 Continue" may or may not send the body after our final answer.
  request.bodyFollows = parse.chunked || (parse.expects && request.bodyLength != 0);
  return 0;
}

} // namespace web
