#include "websocket/handshake.h"

#include <stdint.h>
#include <string.h>

namespace flux::websocket {

namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr size_t kBlock = 64, kWords = 5, kDigest = 4 * kWords;

uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

/// SHA-1 of a block goes into the hash of those before it (RFC 3174, 6.1).
void hashBlock(const unsigned char *block, uint32_t (&hash)[kWords]) {
  uint32_t words[80];
  for (size_t i = 0; i < 16; ++i)
    words[i] = uint32_t(block[4 * i]) << 24 | uint32_t(block[4 * i + 1]) << 16 | uint32_t(block[4 * i + 2]) << 8 |
               block[4 * i + 3];
  for (int i = 16; i < 80; ++i)
    words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  auto [a, b, c, d, e] = hash;
  for (int i = 0; i < 80; ++i) {
    const uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                           : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                           : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                    : (b ^ c ^ d) + 0xca62c1d6;
    const uint32_t next = rotate(a, 5) + mixed + e + words[i];
    e = d, d = c, c = rotate(b, 30), b = a, a = next;
  }
  hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e;
}

/// Nothing is secret here: that the answer fits shows that a server of this protocol has read the key.
void digest(const unsigned char *bytes, size_t length, unsigned char *result) {
  uint32_t hash[kWords] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  unsigned char padded[2 * kBlock] = {};
  memcpy(padded, bytes, length);
  padded[length] = 0x80;
  const size_t bits = length * 8;
  padded[sizeof padded - 2] = static_cast<unsigned char>(bits >> 8);
  padded[sizeof padded - 1] = static_cast<unsigned char>(bits);
  hashBlock(padded, hash);
  hashBlock(padded + kBlock, hash);
  for (size_t i = 0; i < kDigest; ++i)
    result[i] = static_cast<unsigned char>(hash[i / 4] >> (24 - 8 * (i % 4)));
}

} // namespace

bool isKey(std::string_view key) {
  constexpr size_t kEnd = kKeyLength - 2; // 16 bytes are 21 digits and a bit
  return key.size() == kKeyLength && key[kEnd] == '=' && key[kEnd + 1] == '=' && key.find_first_not_of(kDigits) == kEnd;
}

void answerKey(std::string_view key, char *answer) {
  constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char both[kKeyLength + kGuid.size()];
  static_assert(sizeof both > kBlock - 9 && sizeof both <= 2 * kBlock - 9, "two blocks with what is put behind");
  memcpy(both, key.data(), kKeyLength);
  memcpy(both + kKeyLength, kGuid.data(), kGuid.size());
  unsigned char result[kDigest + 1] = {};
  digest(both, sizeof both, result);
  for (size_t i = 0; i < kDigest + 1; i += 3) {
    const uint32_t three = uint32_t(result[i]) << 16 | uint32_t(result[i + 1]) << 8 | result[i + 2];
    for (size_t j = 0; j < 4; ++j)
      *answer++ = kDigits[three >> (18 - 6 * j) & 63];
  }
  answer[-1] = '='; // 20 bytes are 26 digits and a bit
}

} // namespace flux::websocket
