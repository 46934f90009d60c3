/// exchange_answer.cpp - answers to requests.
#include "http/characters.h"
#include "http/exchange.h"
#include "http/reply.h"
#include "http/status.h"
#include "output.h"
#include "poller.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

namespace flux::http {

namespace {

constexpr size_t kMostHead = 4096;

/// Whether the connection lives on behind the answer.
bool livesOn(const Exchange &x) {
  return x.keepAlive && !x.closes && x.refusal == Refusal::none && canSkipBody(x) &&
         !x.connection->poller.load(std::memory_order_relaxed)->stopping();
}

/// Begins the head of the answer in `head`: all but what tells of the body.
void beginHead(Exchange &x, ReplyHead &head, int status, const char *type) {
  x.closes = !livesOn(x);
  head.begin(status, x.minor, !x.closes);
  if (type && !isBodiless(status))
    head.field("Content-Type", type);
  head.lines({x.own, x.ownLength});
  x.hasNoBody = x.kind == Method::head || isBodiless(status);
}

/// Ends it, and sends it with the beginning of a body. Returns 0 or an error.
int sendHead(Exchange &x, ReplyHead &head, char *bytes, iovec body, Behind behind) {
  const size_t length = head.finish();
  if (length == 0)
    return EINVAL;
  if (x.hasNoBody)
    body = {};
  return x.carrier->send(x, {bytes, length}, body, x.hasNoBody ? Behind::Nothing : behind);
}

/// A whole answer, of which `size` bytes are the body and those of `part` are sent now.
int answer(Exchange &x, int status, const char *type, size_t size, iovec part) {
  if (x.answer != Answer::None)
    return EALREADY;
  char bytes[kMostHead];
  ReplyHead head(bytes, sizeof bytes);
  beginHead(x, head, status, type);
  head.length(size);
  const int error = sendHead(x, head, bytes, part, size > part.iov_len ? Behind::File : Behind::Nothing);
  if (error != EINVAL)
    x.answer = Answer::Whole;
  return error;
}

int send(Exchange &x, iovec head, iovec body, Behind) {
  net::Parcel parcel(head, body);
  const net::Locked lock(x.connection->output.mutex);
  return parcel.post(*x.connection);
}

int sendFile(Exchange &x, int file, uint64_t first, uint64_t size) {
  const net::Locked lock(x.connection->output.mutex);
  return net::postFile(*x.connection, file, static_cast<int64_t>(first), size);
}

int writePart(Exchange &x, const void *data, size_t size) {
  char line[longestChunkHead];
  iovec parts[3] = {{line, 0}, {const_cast<void *>(data), size}, {const_cast<char *>("\r\n"), 2}};
  if (!x.isChunked)
    return net::writeAll(*x.connection, &parts[1], 1);
  parts[0].iov_len = writeChunkHead(size, line);
  return net::writeAll(*x.connection, parts, 3);
}

// Without its last chunk, an answer is not whole, which the client sees when the connection ends.
void endParts(Exchange &x, int error) {
  if (error != 0)
    x.closes = true;
  else if (x.isChunked && !x.hasNoBody)
    flux_net_post(x.connection, lastChunk.data(), lastChunk.size());
}

} // namespace

const Carrier kConnectionCarrier = {readBody, send, sendFile, writePart, endParts};

void answerShortly(Exchange &x, int status) {
  if (x.answer != Answer::None)
    return;
  char text[128];
  const std::string_view reason = reasonOf(status);
  const int length = snprintf(text, sizeof text, "%d %.*s\n", status, static_cast<int>(reason.size()), reason.data());
  x.ownLength = 0;
  answer(x, status, "text/plain; charset=utf-8", static_cast<size_t>(length), {text, static_cast<size_t>(length)});
}

void finishAnswer(Exchange &x, int error) {
  constexpr int kInternalError = 500;
  if (x.answer == Answer::None)
    answerShortly(x, x.refusal != Refusal::none ? statusOf(x.refusal) : kInternalError);
  if (x.answer != Answer::Streaming)
    return;
  x.carrier->end(x, error);
  x.answer = Answer::Whole;
}

} // namespace flux::http

using namespace flux::http;

int flux_http_set(flux_http_request *request, const char *name, const char *value) {
  Exchange &x = exchangeOf(request);
  ReplyHead field(x.own + x.ownLength, static_cast<size_t>(Exchange::kMostOwn - x.ownLength));
  field.field(name, value);
  // With the empty line that ends a head, which is not kept.
  const size_t length = field.finish();
  if (length < 2 || x.answer != Answer::None)
    return EINVAL;
  x.ownLength = static_cast<uint16_t>(x.ownLength + length - 2);
  return 0;
}

int flux_http_set_lines(flux_http_request *request, const char *lines, size_t length) {
  Exchange &x = exchangeOf(request);
  if (x.answer != Answer::None || length > static_cast<size_t>(Exchange::kMostOwn - x.ownLength))
    return EINVAL;
  memcpy(x.own + x.ownLength, lines, length);
  x.ownLength = static_cast<uint16_t>(x.ownLength + length);
  return 0;
}

const char *flux_http_reason(int status) {
  const std::string_view reason = reasonOf(status);
  return reason.empty() ? "" : reason.data();
}

int flux_http_reply(flux_http_request *request, int status, const char *type, const void *body, size_t size) {
  return answer(exchangeOf(request), status, type, size, {const_cast<void *>(body), size});
}

int flux_http_reply_file(flux_http_request *request, int status, const char *type, int file, uint64_t first,
                         uint64_t size) {
  Exchange &x = exchangeOf(request);
  const int error = answer(x, status, type, size, {});
  if (error != 0 || x.hasNoBody || size == 0) {
    close(file);
    return error;
  }
  return x.carrier->sendFile(x, file, first, size);
}

int flux_http_begin(flux_http_request *request, int status, const char *type) {
  Exchange &x = exchangeOf(request);
  if (x.answer != Answer::None)
    return EALREADY;
  // Of an answer whose length is not known, the client of HTTP/1.0 finds the end by that of the connection.
  if (x.minor == 0)
    x.closes = true;
  char bytes[kMostHead];
  ReplyHead head(bytes, sizeof bytes);
  beginHead(x, head, status, type);
  x.isChunked = head.chunked();
  const int error = sendHead(x, head, bytes, {}, Behind::Parts);
  if (error != EINVAL)
    x.answer = Answer::Streaming;
  return error;
}

int flux_http_write(flux_http_request *request, const void *data, size_t size) {
  Exchange &x = exchangeOf(request);
  if (x.answer != Answer::Streaming)
    return EINVAL;
  return size == 0 || x.hasNoBody ? 0 : x.carrier->write(x, data, size);
}

ptrdiff_t flux_http_read(flux_http_request *request, void *data, size_t size) {
  Exchange &x = exchangeOf(request);
  return x.carrier->read(x, data, size);
}
