/// head_scan.h - where a request head ends.
#ifndef FLUX_NET_HTTP_HEAD_SCAN_H
#define FLUX_NET_HTTP_HEAD_SCAN_H

#include "http/limits.h"
#include "http/refusal.h"

namespace flux::http {

/// Finds the end of one request head while its bytes arrive, and looks at each byte once. This is the only place that
/// decides where a head ends: parseHead() takes what this has found and refuses it if it sees another end. What is
/// found, or refused, does not depend on how the bytes were split.
///
/// Lines end in CR LF; LF alone is refused, though RFC 9112, 2.2 allows to take it, since whoever stands before the
/// server may see another end than it does. Empty lines before a head are skipped (same section) and count as its
/// bytes.
class HeadScan {
public:
  enum State {
    more,     ///< the end has not arrived
    complete, ///< the head is [begin(), end())
    refused   ///< no more bytes make a head of it; see refusal()
  };

  /// Looks at what has arrived: `data` begins as in the last call, wherever it has moved to, and is at least as long.
  State scan(const char *data, size_t size, const Limits &limits);

  size_t begin() const { return first; }
  size_t end() const { return at; }
  Refusal refusal() const { return why; }

  /// True once a byte of the head itself has arrived.
  bool begun() const { return at != first; }

private:
  State refuse(Refusal refusal);

  uint32_t at = 0;    // all before it has been looked at
  uint32_t line = 0;  // where the line begins that `at` is in
  uint32_t first = 0; // where the first line begins
  Refusal why = Refusal::none;
};

} // namespace flux::http

#endif // FLUX_NET_HTTP_HEAD_SCAN_H
