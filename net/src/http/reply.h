/// reply.h - writing the head of an answer.
#ifndef FLUX_NET_HTTP_REPLY_H
#define FLUX_NET_HTTP_REPLY_H

#include "http/request.h"

#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace flux::http {

/// Writes one head into memory of the caller's, which it never leaves. What would not be one field is refused: a name
/// that is no token, a value with a control character. After a refusal, or where the room has run out, it writes
/// nothing more and finish() tells.
class ReplyHead {
public:
  ReplyHead(char *buffer, size_t size) : buffer(buffer), room(size) {}
  ReplyHead(const ReplyHead &) = delete;
  ReplyHead &operator=(const ReplyHead &) = delete;

  /// The first line, Date, and Connection where the version's default is not what `keepAlive` says. `minor` is the
  /// request's. Of 1xx the first line only.
  void begin(int status, unsigned minor, bool keepAlive);

  void field(std::string_view name, std::string_view value);
  void field(std::string_view name, uint64_t number);

  /// Content-Length. Left out where the status has none (RFC 9110, 8.6: 1xx and 204), and with 304, which need not have
  /// it.
  void length(uint64_t bytes);

  /// Transfer-Encoding. False, and nothing is written, where the status has no body, and where the client speaks
  /// HTTP/1.0, which does not know it: there the body has to end with the connection.
  bool chunked();

  /// "Content-Range: bytes 0-4/10", or "bytes */10" where `bytes` is 0, which belongs to 416.
  void contentRange(uint64_t first, uint64_t bytes, uint64_t size);

  /// Fields that are written already, each with CR LF at its end, from a cache for example.
  void lines(std::string_view text) { put(text); }

  /// The empty line. Returns how long the head is, or 0 if it is not whole.
  size_t finish();

private:
  void put(std::string_view text);
  void put(uint64_t number);

  char *const buffer;
  const size_t room;
  size_t used = 0;
  int status = 0;
  unsigned minor = 1;
  bool good = true;
};

/// What stands before the content of a chunk, at most this many bytes; behind it comes "\r\n". A body ends with
/// lastChunk.
constexpr size_t longestChunkHead = 18;
constexpr std::string_view lastChunk = "0\r\n\r\n";

/// Writes the first line of a chunk of `bytes` bytes, which must not be 0. Returns how long it is.
size_t writeChunkHead(uint64_t bytes, char *out);

} // namespace flux::http

#endif // FLUX_NET_HTTP_REPLY_H
