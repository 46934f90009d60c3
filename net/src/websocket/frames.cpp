#include "websocket/frames.h"

#include <algorithm>
#include <string.h>

namespace flux::websocket {

namespace {

constexpr unsigned kFinalBit = 0x80, kReservedBits = 0x70, kOpcodeBits = 0x0f, kMaskBit = 0x80, kLengthBits = 0x7f;

/// Lengths that stand for one that follows, in two bytes or in eight.
constexpr unsigned kShort = 126, kLong = 127;

constexpr bool isControl(Opcode opcode) { return opcode >= Opcode::Close; }

uint64_t readNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes)
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

void writeNumber(uint64_t number, char *bytes, size_t size) {
  for (size_t i = size; i-- > 0; number >>= 8)
    bytes[i] = static_cast<char>(number);
}

/// Takes the mask off, to the same place or before it, and turns it by as much.
void unmask(char *to, const char *from, size_t size, unsigned char (&mask)[4]) {
  uint64_t wide;
  for (size_t i = 0; i < sizeof wide; ++i)
    reinterpret_cast<unsigned char *>(&wide)[i] = mask[i % sizeof mask];
  size_t at = 0;
  for (uint64_t eight; size - at >= sizeof eight; at += sizeof eight) {
    memcpy(&eight, from + at, sizeof eight);
    eight ^= wide;
    memcpy(to + at, &eight, sizeof eight);
  }
  for (size_t i = 0; at + i < size; ++i)
    to[at + i] = static_cast<char>(static_cast<unsigned char>(from[at + i]) ^ mask[i % sizeof mask]);
  std::rotate(mask, mask + size % sizeof mask, mask + sizeof mask);
}

} // namespace

bool isCode(unsigned code) {
  if (code >= 3000 && code < 5000) // registered, and private
    return true;
  // 1004 means nothing, 1005, 1006 and 1015 are for what has not been sent.
  return code >= kNormal && code <= 1014 && code != 1004 && code != kNoCode && code != kNoClosing;
}

size_t writeFrameHead(Opcode opcode, uint64_t length, char *head) {
  head[0] = static_cast<char>(kFinalBit | static_cast<unsigned>(opcode));
  const size_t bytes = length < kShort ? 0 : length <= UINT16_MAX ? 2 : 8;
  head[1] = static_cast<char>(bytes == 0 ? length : bytes == 2 ? kShort : kLong);
  writeNumber(length, head + 2, bytes);
  return 2 + bytes;
}

MessageReader::State MessageReader::fail(uint16_t code) {
  why = code;
  return closed;
}

/// Reads the head of a frame. False if it is not all there, or breaks a rule: then code() is set.
bool MessageReader::beginFrame(const char *bytes, size_t size, uint32_t mostLength) {
  const char *head = bytes + at;
  const size_t there = size - at;
  if (there < 2)
    return false;
  const auto first = static_cast<unsigned char>(head[0]), second = static_cast<unsigned char>(head[1]);
  opcode = static_cast<Opcode>(first & kOpcodeBits);
  isFinal = (first & kFinalBit) != 0;
  const unsigned code = second & kLengthBits;
  const bool isData = opcode <= Opcode::Binary, isKnown = isData || (isControl(opcode) && opcode <= Opcode::Pong);
  const bool continues = opcode == Opcode::Continuation, within = messageType != Opcode::Continuation;
  const bool isInOrder = isData ? continues == within : isFinal && code <= kMostControl;
  if ((first & kReservedBits) != 0 || !isKnown || !isInOrder || (second & kMaskBit) == 0) {
    fail(kProtocolError);
    return false;
  }
  const size_t more = code < kShort ? 0 : code == kShort ? 2 : 8;
  if (there < 2 + more)
    return false;
  const uint64_t length = more == 0 ? code : readNumber({head + 2, more});
  // In as few bytes as it can be said.
  if ((more == 2 && length < kShort) || (more == 8 && (length <= UINT16_MAX || length > INT64_MAX))) {
    fail(kProtocolError);
    return false;
  }
  if (isData && length > mostLength - assembled) {
    fail(kTooBig);
    return false;
  }
  if (there < 2 + more + sizeof mask)
    return false;
  memcpy(mask, head + 2 + more, sizeof mask);
  left = length;
  at += static_cast<uint32_t>(2 + more + sizeof mask);
  isInFrame = true;
  if (isData && !continues)
    messageType = opcode;
  return true;
}

/// What ends the connection: what the client says, or that it says it wrongly.
uint16_t MessageReader::endOf(std::string_view closing) const {
  if (closing.empty())
    return kNoCode;
  if (closing.size() < 2)
    return kProtocolError;
  Utf8 reason;
  if (!reason.take(closing.data() + 2, closing.size() - 2) || !reason.isWhole())
    return kInvalidText;
  closing.remove_suffix(closing.size() - 2);
  const auto code = static_cast<uint16_t>(readNumber(closing));
  return isCode(code) ? code : kProtocolError;
}

/// Takes a control frame, if all of it is there.
MessageReader::State MessageReader::takeControl(char *bytes, size_t size) {
  if (size - at < left)
    return more;
  const auto length = static_cast<size_t>(left);
  unmask(bytes + at, bytes + at, length, mask);
  controlBytes = {bytes + at, length};
  at += static_cast<uint32_t>(length);
  isInFrame = false;
  return opcode == Opcode::Close ? fail(endOf(controlBytes)) : ping;
}

/// Takes what is there of a frame of a message. False if text is not valid.
bool MessageReader::takePart(char *bytes, size_t size) {
  const auto part = static_cast<size_t>(std::min<uint64_t>(left, size - at));
  unmask(bytes + assembled, bytes + at, part, mask);
  if (messageType == Opcode::Text && !text.take(bytes + assembled, part))
    return false;
  assembled += static_cast<uint32_t>(part);
  at += static_cast<uint32_t>(part);
  left -= part;
  isInFrame = left > 0;
  return isInFrame || !isFinal || text.isWhole();
}

/// Moves what is left to the message so far, with a byte between them for the zero.
void MessageReader::compact(char *bytes, size_t &size) {
  const uint32_t end = assembled + (isWithin() ? 1 : 0);
  if (at != end)
    memmove(bytes + end, bytes + at, size - at);
  size -= at - end;
  at = end;
}

MessageReader::State MessageReader::next(char *bytes, size_t &size, uint32_t mostLength) {
  if (why != 0)
    return closed;
  if (isDelivered)
    *this = MessageReader();
  for (;;) {
    if (!isInFrame && !beginFrame(bytes, size, mostLength))
      break;
    if (isControl(opcode)) {
      const State state = takeControl(bytes, size);
      if (state == more)
        break;
      if (state == closed || opcode == Opcode::Ping)
        return state;
      continue; // a pong: what it says is that the client is there
    }
    if (!takePart(bytes, size))
      return fail(kInvalidText);
    if (isInFrame)
      break;
    if (isFinal) {
      bytes[assembled] = '\0'; // before `at`: the head of a frame was there, of which compact() leaves a byte
      isDelivered = true;
      return message;
    }
  }
  if (why != 0)
    return closed;
  compact(bytes, size);
  return more;
}

} // namespace flux::websocket
