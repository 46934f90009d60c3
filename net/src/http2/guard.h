/// guard.h - what a client may have the server do for nothing.
#ifndef FLUX_NET_HTTP2_GUARD_H
#define FLUX_NET_HTTP2_GUARD_H

#include "deadline.h"

#include <algorithm>
#include <stdint.h>

namespace flux::http2 {

/// Something of which a client has `most` at first, and gets so many a second.
class Allowance {
public:
  Allowance(int64_t most, int64_t aSecond) : most(most), aSecond(aSecond), left(most * 1000) {}

  /// False if there is none left.
  bool spend() {
    const net::Deadline now = net::nowMs();
    left = std::min(most * 1000, left + (now - since) * aSecond) - 1000;
    since = now;
    return left >= 0;
  }

  /// It has done something useful, which is worth so many.
  void add(int64_t number) { left = std::min(most * 1000, left + number * 1000); }

private:
  int64_t most, aSecond;
  int64_t left; // thousandths
  net::Deadline since = net::nowMs();
};

/// Of a connection.
struct Guard {
  /// Requests that it takes back before they are answered (CVE-2023-44487).
  Allowance resets{200, 20};

  /// Frames that bring no part of a request: SETTINGS, PING, PRIORITY, WINDOW_UPDATE, empty DATA. Those
  /// that bring one, and what it is sent, are worth some, since clients open windows as they read.
  Allowance frames{2000, 200};
  static constexpr int kWorth = 10;

  /// Pieces of one head.
  static constexpr unsigned kMostContinuations = 6;
  unsigned continuations = 0;
};

} // namespace flux::http2

#endif // FLUX_NET_HTTP2_GUARD_H
