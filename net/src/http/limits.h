/// limits.h - how much of a request is accepted.
#ifndef FLUX_NET_HTTP_LIMITS_H
#define FLUX_NET_HTTP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

namespace flux::http {

/// Bytes of a name in a Host, which DNS limits to fewer.
constexpr size_t longestHost = 255;

/// Fields that a request has room for.
constexpr unsigned mostFields = 128;

struct Limits {
  uint16_t head = 32 * 1024; ///< bytes up to the empty line, with it, and with empty lines before; else 431
  uint16_t target = 8000;    ///< bytes of a request target, what RFC 9110, 4.1 recommends as the least; else 414
  uint16_t fields = 100;     ///< lines, at most mostFields; else 431

  /// Bytes that parseHead() needs for the path and the host.
  constexpr size_t scratch() const { return target + longestHost + 2; }
};

} // namespace flux::http

#endif // FLUX_NET_HTTP_LIMITS_H
