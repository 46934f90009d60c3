/// frames.h - messages in frames (RFC 6455, 5 to 8), as functions over bytes.
#ifndef FLUX_NET_WEBSOCKET_FRAMES_H
#define FLUX_NET_WEBSOCKET_FRAMES_H

#include "websocket/utf8.h"

#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace flux::websocket {

enum class Opcode : uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

// Why a connection ends (RFC 6455, 7.4.1): one of these, or what the client says.
inline constexpr uint16_t kNormal = 1000;
inline constexpr uint16_t kGoingAway = 1001;
inline constexpr uint16_t kProtocolError = 1002;
inline constexpr uint16_t kNoCode = 1005;    // never sent: it came with none
inline constexpr uint16_t kNoClosing = 1006; // never sent: the connection ended without
inline constexpr uint16_t kInvalidText = 1007;
inline constexpr uint16_t kPolicy = 1008;
inline constexpr uint16_t kTooBig = 1009;
inline constexpr uint16_t kInternalError = 1011;

/// Whether that may be sent.
bool isCode(unsigned code);

/// Bytes of control frames at most, and in front of them, of a server's.
constexpr size_t kMostControl = 125, kMostHead = 10;

/// Writes what stands before the bytes of a message that is sent in one frame. Returns how long it is.
size_t writeFrameHead(Opcode opcode, uint64_t length, char *head);

/// Takes messages out of a client's frames while their bytes arrive, in place: it moves what belongs to a message
/// together at the front. What is found does not depend on how the bytes were split.
class MessageReader {
public:
  enum State {
    more,    ///< all that was given is used up, but for what is left behind the message so far
    message, ///< [0, length()) is one, with a zero behind it; what follows begins at used()
    ping,    ///< see control(), until the next call
    closed   ///< the client has closed, or broken a rule: see code()
  };

  /// Beyond the longest message, what has to be there at once.
  static constexpr size_t kMostBehind = 1 + 14 + kMostControl;

  /// `bytes` are as the last call left them, wherever they have moved to, `size` of them, with more at the end perhaps;
  /// behind a message, those from used() on. Reduces `size` by what is not needed any more.
  State next(char *bytes, size_t &size, uint32_t mostLength);

  /// Of a message.
  Opcode type() const { return messageType; }
  uint32_t length() const { return assembled; }
  uint32_t used() const { return at; }

  /// Whether a message has begun.
  bool isWithin() const { return messageType != Opcode::Continuation && !isDelivered; }

  std::string_view control() const { return controlBytes; }

  /// What to answer: what the client has said, kNoCode if that is nothing, or which rule it has broken.
  uint16_t code() const { return why; }

private:
  State fail(uint16_t code);
  bool beginFrame(const char *bytes, size_t size, uint32_t mostLength);
  State takeControl(char *bytes, size_t size);
  bool takePart(char *bytes, size_t size);
  uint16_t endOf(std::string_view closing) const;
  void compact(char *bytes, size_t &size);

  uint32_t assembled = 0, at = 0; // bytes of the message so far; bytes that have been looked at
  uint64_t left = 0;              // of the frame
  std::string_view controlBytes;
  Utf8 text;
  uint16_t why = 0;
  unsigned char mask[4] = {};
  Opcode opcode = Opcode::Continuation, messageType = Opcode::Continuation;
  bool isFinal = false, isInFrame = false, isDelivered = false;
};

} // namespace flux::websocket

#endif // FLUX_NET_WEBSOCKET_FRAMES_H
