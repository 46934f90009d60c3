/// body.h - the body of a request while its bytes arrive.
#ifndef FLUX_NET_HTTP_BODY_H
#define FLUX_NET_HTTP_BODY_H

#include "http/refusal.h"

#include <stddef.h>
#include <stdint.h>
#include <string_view>

struct flux_http_request;

namespace flux::http {

/// Takes a body out of its framing (RFC 9112, 6 and 7). Strict: CR LF ends lines; sizes of chunks are hexadecimal
/// digits and nothing else. Extensions of chunks are read over, as 7.1.1 wants, and fields behind the last chunk
/// as 7.1.2 allows; both have to be well-formed and short. What is found does not depend on how the bytes were split.
class BodyDecoder {
public:
  enum State {
    content, ///< here is some
    more,    ///< all that was given is used up
    end,     ///< the body has ended; the rest of what was given is behind it
    refused  ///< see refusal(); where the next request begins is not known
  };

  /// Bytes of all extensions, and of all lines behind the last chunk.
  static constexpr size_t mostExtension = 4096, mostTrailer = 8192;

  /// For the body of `request`, of which at most `mostContent` bytes are content. A longer one is refused as soon as
  /// that is known: with Content-Length, by the first call.
  BodyDecoder(const flux_http_request &request, uint64_t mostContent);

  /// Reads from the front of `data`, and removes what it has used. Returns `content` with the next piece of it, a part
  /// of `data`, or how else it has stopped. To be called until it returns something else than `content`.
  State next(std::string_view &data, std::string_view &piece);

  Refusal refusal() const { return why; }

  /// Bytes of content that are known to follow: of the body, or of the chunk.
  uint64_t left() const { return stage == Stage::fixed || stage == Stage::data ? remaining : 0; }

private:
  enum class Stage : uint8_t {
    fixed,        // `remaining` bytes follow, and nothing else
    size,         // of a chunk: no digit yet
    sizeDigits,   // at least one
    blanks,       // behind the digits: a semicolon has to follow
    extension,    // behind a semicolon
    sizeFeed,     // CR was read at the end of the size's line
    data,         // `remaining` bytes follow
    dataReturn,   // CR has to follow
    dataFeed,     // LF has to follow
    trailer,      // at the beginning of a line
    trailerName,  // in one
    trailerValue, // behind its colon
    trailerFeed,  // CR was read at its end
    lastFeed,     // CR was read at the beginning of a line
    done
  };

  State refuse(Refusal refusal);
  Refusal step(char c);
  Refusal stepSize(char c);
  Refusal stepExtension(char c);
  Refusal stepTrailer(char c);
  Refusal beginChunk();

  uint64_t remaining = 0; // of the content, or of the chunk whose size is being read so far
  uint64_t allowed;       // how many more bytes of content may follow
  uint16_t extensions = 0, trailers = 0;
  Stage stage;
  Refusal why = Refusal::none;
};

} // namespace flux::http

#endif // FLUX_NET_HTTP_BODY_H
