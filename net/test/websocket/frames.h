/// frames.h - frames at random, and what is made of them.
#ifndef FLUX_NET_TEST_WEBSOCKET_FRAMES_H
#define FLUX_NET_TEST_WEBSOCKET_FRAMES_H

#include "websocket/frames.h"

#include <memory>
#include <random>
#include <string.h>
#include <string>

/// What a client might send, mostly by the rules. The seed makes it repeatable.
class Frames {
public:
  explicit Frames(unsigned seed) : random(seed) {}

  unsigned upTo(unsigned most) { return static_cast<unsigned>(random() % (most + 1)); }

  /// Several frames.
  std::string next() {
    std::string bytes;
    bool within = false;
    for (unsigned count = 1 + upTo(5); count > 0; --count)
      bytes += frame(within);
    // Whatever a faulty network or client does.
    if (upTo(3) == 0 && !bytes.empty())
      bytes[upTo(static_cast<unsigned>(bytes.size() - 1))] ^= static_cast<char>(1 << upTo(7));
    return bytes;
  }

private:
  std::string payload(size_t size) {
    static const char *const kTexts[] = {"a", "é", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "word ", "12345678"};
    std::string text;
    while (text.size() < size)
      text += upTo(300) != 0 ? kTexts[upTo(5)] : std::string(1, static_cast<char>(upTo(255)));
    return upTo(30) != 0 ? text : text.substr(0, size);
  }

  std::string frame(bool &within) {
    const bool isControl = upTo(2) == 0;
    const bool isFinal = isControl || upTo(1) == 0;
    unsigned opcode = isControl ? 9 + upTo(1) : within ? 0 : 1 + upTo(1);
    std::string bytes = payload(upTo(4) != 0 ? upTo(20) : isControl ? upTo(130) : upTo(200));
    if (isControl && upTo(15) == 0) {
      static const unsigned kCodes[] = {1000, 1001, 1005, 999, 3000, 4999, 5000, 1007};
      const unsigned code = kCodes[upTo(7)];
      opcode = 8;
      bytes = std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + bytes;
    } else if (!isControl) {
      within = !isFinal;
    }
    std::string head = {static_cast<char>((isFinal ? 0x80 : 0) | opcode)};
    if (bytes.size() < 126)
      head += static_cast<char>(0x80 | bytes.size());
    else
      head += {static_cast<char>(0xfe), static_cast<char>(bytes.size() >> 8), static_cast<char>(bytes.size())};
    const char mask[4] = {static_cast<char>(random()), static_cast<char>(random()), static_cast<char>(random()), 0};
    head.append(mask, 4);
    for (size_t i = 0; i < bytes.size(); ++i)
      head += static_cast<char>(bytes[i] ^ mask[i % 4]);
    return head;
  }

  std::mt19937 random;
};

constexpr uint32_t kMostLength = 300;

/// Messages, pings and the end that the reader finds in `bytes`, given in pieces as `sizeOfNext` says, in a line each.
/// The memory that it gets ends where the bytes do, so that sanitizers see whoever reads or writes beyond them.
template <typename Size> std::string readAll(const std::string &bytes, Size sizeOfNext) {
  using flux::websocket::MessageReader;
  MessageReader reader;
  std::string there, log;
  for (size_t at = 0; at < bytes.size();) {
    const size_t piece = std::min<size_t>(sizeOfNext(), bytes.size() - at);
    there.append(bytes, at, piece);
    at += piece;
    for (MessageReader::State state = MessageReader::message; state != MessageReader::more;) {
      size_t size = there.size();
      std::unique_ptr<char[]> exact(new char[size]);
      memcpy(exact.get(), there.data(), size);
      state = reader.next(exact.get(), size, kMostLength);
      if (state == MessageReader::closed)
        return log + "close " + std::to_string(reader.code());
      if (state == MessageReader::ping)
        log += "ping " + std::string(reader.control()) + "\n";
      there.assign(exact.get(), size);
      if (state != MessageReader::message)
        continue;
      if (exact[reader.length()] != '\0')
        return log + "no zero";
      log += std::to_string(static_cast<int>(reader.type())) + " " + there.substr(0, reader.length()) + "\n";
      there.erase(0, reader.used());
    }
    if (there.size() > kMostLength + MessageReader::kMostBehind)
      return log + "too much is kept";
  }
  return log;
}

#endif // FLUX_NET_TEST_WEBSOCKET_FRAMES_H
