/// head.h - the head of a request while its fields arrive.
#ifndef FLUX_NET_HTTP2_HEAD_H
#define FLUX_NET_HTTP2_HEAD_H

#include "http/request.h"

#include <nghttp2/nghttp2.h>
#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace flux::http2 {

/// Makes one head after the other: of the fields of HTTP/2 what HTTP/1 would have sent, so that there is one parser,
/// and one opinion of what is valid.
class Head {
public:
  ~Head() { end(); }

  /// Begins one, of which `limit` bytes are kept; of trailers, which are not, none.
  void begin(size_t limit, bool isKept);

  /// Forgets it.
  void end();

  /// Between these.
  bool isOpen() const { return open; }

  void add(nghttp2_rcbuf *name, nghttp2_rcbuf *value);

  /// Whether it is so much longer that nothing more of it should be looked at, however short it was on its way.
  bool isFlood() const { return total > 4 * limit; }

  /// Why there is no request; to be asked first.
  http::Refusal refusal() const;

  /// The text, in memory from malloc(); null without any.
  char *text(size_t &length) const;

private:
  enum Pseudo { method, path, authority, count };

  std::string_view pseudo(Pseudo which) const;
  void keep(std::string_view name, std::string_view value);
  void keepCookie(std::string_view value);

  nghttp2_rcbuf *pseudos[count] = {};
  char *fields = nullptr, *cookie = nullptr;
  size_t used = 0, capacity = 0, cookieUsed = 0, cookieCapacity = 0;
  size_t total = 0, limit = 0;
  bool open = false, isKept = false, isInvalid = false, otherHost = false;
};

} // namespace flux::http2

#endif // FLUX_NET_HTTP2_HEAD_H
