/// carrier.cpp - what the flow of a stream reads and answers.
#include "http/characters.h"
#include "output.h"
#include "poller.h"
#include "stream.h"

#include <algorithm>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace flux::http2 {

namespace {

using http::Behind;
using http::Exchange;
using net::Locked;

Stream &of(Exchange &x) { return static_cast<Stream &>(x); }

nghttp2_nv fieldOf(const char *name, size_t nameLength, const char *value, size_t valueLength) {
  return {reinterpret_cast<uint8_t *>(const_cast<char *>(name)), reinterpret_cast<uint8_t *>(const_cast<char *>(value)),
          nameLength, valueLength, NGHTTP2_NV_FLAG_NONE};
}

/// Fields of HTTP/1 that are about the connection (RFC 9113, 8.2.2).
bool isOfConnection(std::string_view name) {
  return name == "connection" || name == "transfer-encoding" || name == "keep-alive" || name == "upgrade" ||
         name == "proxy-connection";
}

constexpr size_t kMostFields = 128;

/// Takes a head of HTTP/1 apart, whose names it puts into lower case. Returns how many fields there are; 0: too many.
size_t takeApart(char *text, size_t length, nghttp2_nv *fields) {
  constexpr size_t kStatusAt = 9, kStatusLength = 3; // "HTTP/1.1 200 OK"
  constexpr std::string_view kStatus = ":status";
  fields[0] = fieldOf(kStatus.data(), kStatus.size(), text + kStatusAt, kStatusLength);
  size_t count = 1;
  char *const end = text + length;
  for (char *line = static_cast<char *>(memchr(text, '\n', length)) + 1; line + 2 < end;) {
    auto *feed = static_cast<char *>(memchr(line, '\n', static_cast<size_t>(end - line)));
    auto *colon = static_cast<char *>(memchr(line, ':', static_cast<size_t>(feed - line)));
    if (!colon || count == kMostFields)
      return 0;
    std::transform(line, colon, line, http::lowered);
    const char *value = colon + 1, *behind = feed - 1; // CR
    while (value < behind && *value == ' ')
      ++value;
    while (behind > value && behind[-1] == ' ')
      --behind;
    if (const std::string_view name(line, static_cast<size_t>(colon - line)); !isOfConnection(name))
      fields[count++] = fieldOf(name.data(), name.size(), value, static_cast<size_t>(behind - value));
    line = feed + 1;
  }
  return count;
}

/// Keeps a copy of what has not been sent of the caller's bytes.
void keepRest(Stream &stream) {
  if (stream.out.left == 0 || !stream.isOpen)
    return;
  const size_t left = stream.out.left;
  auto *copy = static_cast<char *>(malloc(left));
  if (!copy) {
    stream.reset(NGHTTP2_INTERNAL_ERROR);
    return stream.dropOutput();
  }
  memcpy(copy, stream.out.bytes, left);
  stream.out.bytes = stream.out.copy = copy;
  stream.session.memory += left;
}

int send(Exchange &x, iovec head, iovec body, Behind behind) {
  Stream &stream = of(x);
  Session &s = stream.session;
  nghttp2_nv fields[kMostFields];
  const size_t count = takeApart(static_cast<char *>(head.iov_base), head.iov_len, fields);
  if (count == 0)
    return EINVAL;
  const Locked lock(x.connection->output.mutex);
  if (!stream.isOpen || s.isDead())
    return ENOTCONN;
  const bool isEmpty = body.iov_len == 0 && behind == Behind::Nothing;
  stream.out.isLast = behind == Behind::Nothing;
  stream.out.bytes = static_cast<const char *>(body.iov_base);
  stream.out.left = body.iov_len;
  if (body.iov_len > 0)
    stream.beginSending();
  const nghttp2_data_provider provider = {{.ptr = &stream}, readOutgoing};
  if (nghttp2_submit_response(s.frames, stream.id, fields, count, isEmpty ? nullptr : &provider) != 0)
    return ENOTCONN;
  // The head goes with what comes next, unless that may take its time.
  if (behind == Behind::File)
    return 0;
  net::flush(*x.connection);
  keepRest(stream);
  return 0;
}

int sendFile(Exchange &x, int file, uint64_t first, uint64_t size) {
  Stream &stream = of(x);
  const Locked lock(x.connection->output.mutex);
  if (!stream.isOpen || stream.session.isDead()) {
    close(file);
    return ENOTCONN;
  }
  stream.out.file = file;
  stream.out.at = first;
  stream.out.left = size;
  stream.out.isLast = true;
  stream.beginSending();
  nghttp2_session_resume_data(stream.session.frames, stream.id);
  net::flush(*x.connection);
  return 0;
}

int write(Exchange &x, const void *data, size_t size) {
  Stream &stream = of(x);
  const Locked lock(x.connection->output.mutex);
  if (!stream.isOpen || stream.session.isDead())
    return EPIPE;
  stream.out.bytes = static_cast<const char *>(data);
  stream.out.left = size;
  stream.beginSending();
  nghttp2_session_resume_data(stream.session.frames, stream.id);
  net::flush(*x.connection);
  const int error = stream.await(net::kNoDeadline, [&] { return stream.isOpen && stream.out.left == 0; });
  if (error == 0)
    return 0;
  stream.reset(NGHTTP2_CANCEL);
  stream.dropOutput();
  net::flush(*x.connection);
  return error == ECONNRESET ? EPIPE : error;
}

void endParts(Exchange &x, int error) {
  Stream &stream = of(x);
  const Locked lock(x.connection->output.mutex);
  if (!stream.isOpen)
    return;
  stream.out.isLast = true;
  if (error != 0)
    stream.reset(NGHTTP2_INTERNAL_ERROR);
  else
    nghttp2_session_resume_data(stream.session.frames, stream.id);
  net::flush(*x.connection);
}

/// Asks for the body of a client that waits for that.
void askForBody(Stream &stream) {
  if (stream.bodyBegan)
    return;
  stream.bodyBegan = true;
  if (!stream.expectContinue || stream.received > 0 || stream.inputEnded || stream.answer != http::Answer::None)
    return;
  const nghttp2_nv status = fieldOf(":status", 7, "100", 3);
  nghttp2_submit_headers(stream.session.frames, NGHTTP2_FLAG_NONE, stream.id, nullptr, &status, 1, nullptr);
  net::flush(*stream.connection);
}

ptrdiff_t read(Exchange &x, void *data, size_t size) {
  Stream &stream = of(x);
  const Locked lock(x.connection->output.mutex);
  askForBody(stream);
  if (size == 0)
    return 0;
  const Deadline deadline = net::deadlineIn(x.connection->poller.load(std::memory_order_relaxed)->options().idle_ms);
  const int error =
      stream.await(deadline, [&] { return stream.begin != stream.end || stream.inputEnded || stream.isTooLong; });
  if (stream.isTooLong) {
    x.refusal = http::Refusal::longBody;
    return -EMSGSIZE;
  }
  if (error != 0)
    return -error;
  const size_t count = std::min<size_t>(size, stream.end - stream.begin);
  if (count == 0) {
    x.bodyEnded = true;
    return 0;
  }
  memcpy(data, stream.bytes + stream.begin, count);
  stream.begin += static_cast<uint32_t>(count);
  if (stream.isOpen)
    nghttp2_session_consume(stream.session.frames, stream.id, count);
  else
    nghttp2_session_consume_connection(stream.session.frames, count);
  net::flush(*x.connection);
  return static_cast<ptrdiff_t>(count);
}

/// Reads from the file. Returns how much, or a negative number if that has become shorter.
ssize_t readFile(const Outgoing &out, uint8_t *buffer, size_t size) {
  for (;;) {
    const ssize_t count = pread(out.file, buffer, size, static_cast<off_t>(out.at));
    if (count >= 0 || errno != EINTR)
      return count > 0 ? count : -1;
  }
}

} // namespace

const http::Carrier kStreamCarrier = {read, send, sendFile, write, endParts};

ssize_t readOutgoing(nghttp2_session *, int32_t, uint8_t *buffer, size_t size, uint32_t *flags,
                     nghttp2_data_source *source, void *) {
  Stream &stream = *static_cast<Stream *>(source->ptr);
  Outgoing &out = stream.out;
  size_t count = std::min<uint64_t>(size, out.left);
  if (count > 0 && out.file >= 0) {
    const ssize_t got = readFile(out, buffer, count);
    if (got < 0)
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    count = static_cast<size_t>(got);
    out.at += count;
  } else if (count > 0) {
    memcpy(buffer, out.bytes, count);
    out.bytes += count;
  }
  out.left -= count;
  if (out.copy)
    stream.session.release(count);
  if (count > 0 && out.left > 0)
    stream.noteSent(count);
  const bool isLast = out.isLast;
  if (out.left == 0) {
    stream.endSending();
    stream.notify();
  }
  if (out.left == 0 && isLast)
    *flags |= NGHTTP2_DATA_FLAG_EOF;
  else if (count == 0)
    return NGHTTP2_ERR_DEFERRED;
  return static_cast<ssize_t>(count);
}

} // namespace flux::http2
