/// utf8.h - whether text is UTF-8, while its bytes arrive.
#ifndef FLUX_NET_WEBSOCKET_UTF8_H
#define FLUX_NET_WEBSOCKET_UTF8_H

#include <stddef.h>
#include <stdint.h>

namespace flux::websocket {

/// By RFC 3629: no longer forms than needed, no surrogates, nothing beyond U+10FFFF.
class Utf8 {
public:
  /// Takes the next bytes. False as soon as no bytes behind them would make it valid.
  bool take(const char *bytes, size_t size);

  /// Whether no character has begun that is not whole.
  bool isWhole() const { return left == 0; }

private:
  bool begin(unsigned char byte);

  uint8_t left = 0;                  // bytes of the character that are missing
  uint8_t least = 0x80, most = 0xbf; // what the next of them may be
};

} // namespace flux::websocket

#endif // FLUX_NET_WEBSOCKET_UTF8_H
