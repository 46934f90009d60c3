/// handshake.h - the key of an opening handshake, and what answers it (RFC 6455, 4.2).
#ifndef FLUX_NET_WEBSOCKET_HANDSHAKE_H
#define FLUX_NET_WEBSOCKET_HANDSHAKE_H

#include <stddef.h>
#include <string_view>

namespace flux::websocket {

/// Bytes of a key, which stand for 16 at random, and of its answer.
constexpr size_t kKeyLength = 24, kAnswerLength = 28;

/// Whether it is a key.
bool isKey(std::string_view key);

/// Writes the answer, kAnswerLength bytes, to a key.
void answerKey(std::string_view key, char *answer);

} // namespace flux::websocket

#endif // FLUX_NET_WEBSOCKET_HANDSHAKE_H
