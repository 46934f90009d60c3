/// exchange.h - a request on a connection, and its answer.
#ifndef FLUX_NET_HTTP_EXCHANGE_H
#define FLUX_NET_HTTP_EXCHANGE_H

#include "connection.h"
#include "http/body.h"
#include "http/head_scan.h"
#include "http/request.h"

namespace flux::http {

using net::Connection;

/// What a server accepts and says.
struct Settings {
  Limits limits;
  uint64_t maxBody;
};

struct Exchange;

/// What follows the head of an answer, and the bytes that are sent with it.
enum class Behind : uint8_t { Nothing, File, Parts };

/// By what the body of a request comes, and its answer goes: the connection itself, or a stream of it. Errors are as
/// those of the functions for programs.
struct Carrier {
  ptrdiff_t (*read)(Exchange &x, void *data, size_t size);

  /// Sends a head that ReplyHead has written, which it may change, and the beginning of the body.
  int (*send)(Exchange &x, iovec head, iovec body, Behind behind);

  /// Sends the rest of the body from a file, which is the carrier's from here on.
  int (*sendFile)(Exchange &x, int file, uint64_t first, uint64_t size);

  /// Sends a part of the body, waiting for the client.
  int (*write)(Exchange &x, const void *data, size_t size);

  /// Ends a body that came in parts, or with an error breaks it off.
  void (*end)(Exchange &x, int error);
};

/// HTTP/1.
extern const Carrier kConnectionCarrier;

/// Where the answer is.
enum class Answer : uint8_t {
  None,
  Streaming, ///< its head is out, and parts of its body as the program writes them
  Whole
};

/// There from the first byte of a request to the end of its flow; the request is what it begins with.
struct Exchange : flux_http_request {
  explicit Exchange(Connection &c, const Carrier &by = kConnectionCarrier) : connection(&c), carrier(&by) {}

  Connection *connection;
  const Carrier *carrier;
  const Settings *settings = nullptr;
  HeadScan scan;
  Refusal refusal = Refusal::none; // why there is no request

  // The body.
  BodyDecoder body{*this, 0};
  bool bodyBegan = false;  // the decoder is this request's
  bool bodyEnded = false;  // nothing of it is left to read
  bool isSkipping = false; // what is left is thrown away before the next request
  char *buffer = nullptr;  // from the heap: bytes behind the head that have been read
  std::string_view unread; // in it, and not decoded
  std::string_view piece;  // in it, decoded, and not taken

  // The answer.
  Answer answer = Answer::None;
  bool closes = false;    // the connection ends with it
  bool isChunked = false; // while streaming
  bool hasNoBody = false; // likewise: a HEAD, or a status without one
  uint16_t ownLength = 0; // of the program's fields
  static constexpr uint16_t kMostOwn = 2048;
  char own[kMostOwn];

  static constexpr size_t kScratch = 9 * 1024;
  char scratch[kScratch];
};

inline Exchange &exchangeOf(flux_http_request *request) { return *static_cast<Exchange *>(request); }

/// Ends its life. Null: nothing.
void forget(Exchange *x);

/// Of HTTP/1: reads from the body; see flux_http_read().
ptrdiff_t readBody(Exchange &x, void *data, size_t size);

/// Whether what is left of the body can be thrown away, so that the connection may live on.
bool canSkipBody(const Exchange &x);

/// Arranges for that. What has been read behind the body goes back to the connection's input.
void leaveBody(Exchange &x);

/// Answers, if nothing has been answered, with a short text for people, and for nobody else: of a refusal, an error or
/// a flow that has forgotten to answer.
void answerShortly(Exchange &x, int status);

/// Ends the answer of a flow that has ended.
void finishAnswer(Exchange &x, int error);

} // namespace flux::http

#endif // FLUX_NET_HTTP_EXCHANGE_H
