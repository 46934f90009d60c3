#include "websocket/utf8.h"

#include <string.h>

namespace flux::websocket {

/// Takes the first byte of a character: it tells how many follow, and of the next one, which would be too long a form,
/// a surrogate, or too much.
bool Utf8::begin(unsigned char byte) {
  if (byte < 0x80)
    return true;
  if (byte < 0xc2 || byte > 0xf4)
    return false;
  left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  least = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
  most = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
  return true;
}

bool Utf8::take(const char *bytes, size_t size) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  for (size_t at = 0; at < size;) {
    uint64_t eight;
    if (left == 0 && size - at >= sizeof eight) {
      memcpy(&eight, bytes + at, sizeof eight);
      if ((eight & kHighBits) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    if (left == 0) {
      if (!begin(byte))
        return false;
      continue;
    }
    if (byte < least || byte > most)
      return false;
    --left;
    least = 0x80;
    most = 0xbf;
  }
  return true;
}

} // namespace flux::websocket
