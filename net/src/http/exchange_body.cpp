/// exchange_body.cpp - the body of a request, read by its flow.
#include "http/exchange.h"

#include <algorithm>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace flux::http {

namespace {

constexpr size_t kBuffer = 16 * 1024;

/// How much of a body is thrown away rather than to close the connection.
constexpr uint64_t kMostSkipped = 64 * 1024;

void begin(Exchange &x) {
  if (x.bodyBegan)
    return;
  x.bodyBegan = true;
  x.body = BodyDecoder(x, x.settings->maxBody);
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  // Who has begun to send does not wait for it.
  if (x.expectContinue && x.connection->input.end == x.connection->input.begin + x.connection->input.taken)
    flux_net_post(x.connection, kContinue.data(), kContinue.size());
}

/// Reads more. Returns how much, or a negative errno value: the body is not whole.
ptrdiff_t fill(Exchange &x) {
  if (!x.buffer && !(x.buffer = static_cast<char *>(malloc(kBuffer))))
    return -ENOMEM;
  const ptrdiff_t count = flux_net_read(x.connection, x.buffer, kBuffer);
  if (count > 0)
    x.unread = {x.buffer, static_cast<size_t>(count)};
  return count != 0 ? count : -ECONNRESET;
}

} // namespace

ptrdiff_t readBody(Exchange &x, void *data, size_t size) {
  begin(x);
  while (x.piece.empty() && !x.bodyEnded) {
    switch (x.body.next(x.unread, x.piece)) {
    case BodyDecoder::content:
      break;
    case BodyDecoder::end:
      x.bodyEnded = true;
      break;
    case BodyDecoder::refused:
      x.refusal = x.body.refusal();
      x.closes = true;
      return x.refusal == Refusal::longBody ? -EMSGSIZE : -EBADMSG;
    case BodyDecoder::more:
      if (const ptrdiff_t count = fill(x); count < 0) {
        x.closes = true;
        return count;
      }
      break;
    }
  }
  const size_t count = std::min(size, x.piece.size());
  if (count > 0)
    memcpy(data, x.piece.data(), count);
  x.piece.remove_prefix(count);
  return static_cast<ptrdiff_t>(count);
}

bool canSkipBody(const Exchange &x) {
  if (x.framing == Framing::none || x.bodyEnded)
    return true;
  if (x.refusal != Refusal::none || (x.expectContinue && !x.bodyBegan))
    return false;
  // How long a chunked one is nobody knows before its end.
  return x.framing == Framing::chunked || (x.bodyBegan ? x.body.left() : x.contentLength) <= kMostSkipped;
}

void leaveBody(Exchange &x) {
  net::Input &input = x.connection->input;
  input.consume();
  if (!x.bodyEnded && x.framing != Framing::none) {
    if (!x.bodyBegan)
      x.body = BodyDecoder(x, kMostSkipped);
    x.isSkipping = true;
  }
  // Where something has been read into the buffer, nothing is left in the input.
  if (!x.unread.empty()) {
    const auto limit = static_cast<uint32_t>(kBuffer);
    input.begin = input.end = input.scanned = 0;
    while (input.buffer->capacity < x.unread.size())
      if (input.end = input.buffer->capacity; !input.makeRoom(limit)) {
        x.closes = true;
        break;
      }
    input.end = x.closes ? 0 : static_cast<uint32_t>(x.unread.size());
    memcpy(input.buffer->bytes, x.unread.data(), input.end);
  }
  free(x.buffer);
  x.buffer = nullptr;
  x.unread = x.piece = {};
}

} // namespace flux::http
