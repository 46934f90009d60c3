/// request.h - what a client asks for.
#ifndef FLUX_NET_HTTP_REQUEST_H
#define FLUX_NET_HTTP_REQUEST_H

#include "flux/http.h"
#include "http/limits.h"
#include "http/refusal.h"

#include <string_view>

namespace flux::http {

/// A part of a head: where it begins and how long it is.
struct Slice {
  uint16_t at, length;
};

struct Field {
  Slice name, value;
};

enum class Method : uint8_t { other, connect, delete_, get, head, options, patch, post, put, trace };

/// The forms of RFC 9112, 3.2.
enum class TargetForm : uint8_t {
  origin,    ///< "/path?query"
  absolute,  ///< "http://host/path?query"
  authority, ///< "host:port", of CONNECT
  asterisk   ///< "*", of OPTIONS
};

/// How long the body is (RFC 9112, 6.3).
enum class Framing : uint8_t {
  none,   ///< there is none
  length, ///< contentLength bytes
  chunked ///< see BodyDecoder
};

using Request = ::flux_http_request;

} // namespace flux::http

/// A request head that has been parsed. Everything lies in the head's memory or in the scratch memory; all texts but
/// rawPath have a zero behind them.
struct flux_http_request {
  using Slice = flux::http::Slice;

  char *head = nullptr;
  Slice method = {}, target = {};
  Slice rawPath = {}, query = {}; ///< within target; rawPath may be empty, which is "/"
  bool hasQuery = false;
  bool keepAlive = false;      ///< the client lets the connection live on, and it is known where the next head begins
  bool expectContinue = false; ///< the client waits for "100 Continue" before it sends the body
  uint8_t minor = 1;           ///< HTTP/1.0 or HTTP/1.1, which 1.2 to 1.9 are taken for (RFC 9110, 2.5)
  flux::http::Method kind = flux::http::Method::other;
  flux::http::TargetForm form = flux::http::TargetForm::origin;
  flux::http::Framing framing = flux::http::Framing::none;
  uint64_t contentLength = 0;
  std::string_view path; ///< decoded, see decodePath(); "*" or empty for the other two forms
  std::string_view host; ///< in lower case, without the port; empty where the client names none
  int32_t port = -1;     ///< -1 where the client names none
  unsigned fieldCount = 0;
  flux::http::Field fields[flux::http::mostFields]; ///< the first fieldCount

  std::string_view text(Slice slice) const { return {head + slice.at, slice.length}; }
  std::string_view name(unsigned index) const { return text(fields[index].name); }
  std::string_view value(unsigned index) const { return text(fields[index].value); }

  /// The first field from `index` on that is called `name`, in whatever case, or fieldCount.
  unsigned find(std::string_view name, unsigned index = 0) const;

  /// True if there is exactly one field of that name; then `value` is its value. Of fields that are no lists, several
  /// are as good as an invalid one.
  bool single(std::string_view name, std::string_view &value) const;
};

namespace flux::http {

/// Goes through a list that may be spread over several fields of one name (RFC 9110, 5.3), see nextElement().
class FieldList {
public:
  FieldList(const Request &request, std::string_view name) : request(request), name(name) {}

  /// The next element; false if there is none.
  bool next(std::string_view &element);

private:
  const Request &request;
  const std::string_view name;
  std::string_view rest;
  unsigned index = 0; // of the field behind the one that `rest` is of
};

/// Parses a head that HeadScan has found, by RFC 9110, 9112 and 3986, into `request`, which is as new. The head stays
/// where it is as long as the request is used, and is written to: zeros behind names, values, method and target.
/// `scratch` has limits.scratch() bytes, which the path and the host are put into. If it is refused, kind, minor and
/// framing are right as far as the head was understood, so that an answer to HEAD can do without a body.
Refusal parseHead(char *head, size_t size, const Limits &limits, char *scratch, Request &request);

} // namespace flux::http

#endif // FLUX_NET_HTTP_REQUEST_H
