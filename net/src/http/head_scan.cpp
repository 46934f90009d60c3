#include "http/head_scan.h"
#include "http/characters.h"

namespace flux::http {
namespace {

/// What a first line has beside its target: a method, blanks, the version, CR.
constexpr size_t besideTarget = 64;

} // namespace

HeadScan::State HeadScan::refuse(Refusal refusal) {
  why = refusal;
  return refused;
}

HeadScan::State HeadScan::scan(const char *data, size_t size, const Limits &limits) {
  if (why != Refusal::none)
    return refused;
  const size_t longestLine = limits.target + besideTarget;
  while (at < size) {
    // Who speaks TLS to this port, or no protocol at all, need not wait for a deadline.
    if (at == first && !isIn(data[at], tokenSet) && data[at] != '\r' && data[at] != '\n')
      return refuse(Refusal::noRequest);
    const char *feed = static_cast<const char *>(memchr(data + at, '\n', size - at));
    const size_t next = feed ? static_cast<size_t>(feed - data) + 1 : size;
    // Of two limits the one that an earlier byte passes, so that the answer does not depend on what came with it.
    const size_t length = next - line - (feed ? 1 : 0);
    if (line == first && length > longestLine && first + longestLine <= limits.head)
      return refuse(Refusal::longTarget);
    if (next > limits.head)
      return refuse(Refusal::longHead);
    at = static_cast<uint32_t>(next);
    if (!feed)
      break;
    if (length == 0 || feed[-1] != '\r')
      return refuse(Refusal::bareLineFeed);
    if (length > 1) {
      line = at;
    } else if (line == first) {
      first = line = at;
    } else {
      return complete;
    }
  }
  return more;
}

} // namespace flux::http
