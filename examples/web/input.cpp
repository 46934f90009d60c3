// input.cpp - reading request heads: enough of HTTP to see where one ends, so that no flow waits for a slow client.
#include "connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace web {
namespace {

/// Throws away the rest of a request body and the empty lines that may stand before a request.
void skipIgnored(Connection &c) {
  size_t body = std::min<uint64_t>(c.skip, c.end - c.begin);
  c.begin += body;
  c.skip -= body;
  while (c.skip == 0 && c.begin < c.end && (c.buffer[c.begin] == '\r' || c.buffer[c.begin] == '\n'))
    ++c.begin;
  c.scanned = std::max(c.scanned, c.begin);
  if (c.begin == c.end)
    c.begin = c.end = c.scanned = 0;
}

/// True if a whole head is in the buffer, or a first byte that no request has. Looks at every byte once.
bool findHead(Connection &c) {
  skipIgnored(c);
  if (c.begin == c.end)
    return false;
  unsigned char first = c.buffer[c.begin];
  if (first <= ' ' || first >= 0x7f) {
    c.headLength = c.end - c.begin;
    return true;
  }
  const char *end = c.buffer + c.end;
  const char *at = c.buffer + c.scanned;
  while (const char *newline = static_cast<const char *>(memchr(at, '\n', end - at))) {
    const char *next = newline + 1;
    if (next < end && *next == '\r')
      ++next;
    if (next == end) {
      c.scanned = newline - c.buffer;
      return false;
    }
    if (*next == '\n') {
      c.headLength = next + 1 - (c.buffer + c.begin);
      return true;
    }
    at = newline + 1;
  }
  c.scanned = c.end;
  return false;
}

/// Makes room behind the unread bytes. False if they already are as many as a head may have.
bool makeRoom(Connection &c) {
  if (c.end < c.capacity)
    return true;
  if (c.begin != 0) {
    memmove(c.buffer, c.buffer + c.begin, c.end - c.begin);
    c.scanned -= c.begin;
    c.end -= c.begin;
    c.begin = 0;
    return true;
  }
  if (c.capacity == maxHead)
    return false;
  std::unique_ptr<char[]> grown(new (std::nothrow) char[maxHead]);
  if (!grown)
    return false;
  memcpy(grown.get(), c.buffer, c.end);
  c.exchange->grown = std::move(grown);
  c.buffer = c.exchange->grown.get();
  c.capacity = maxHead;
  return true;
}

} // namespace

Input readInput(Connection &c) {
  if (!beginExchange(c))
    return Input::Closed;
  for (unsigned rounds = 0;; ++rounds) {
    // A client that never stops sending must not keep everybody else waiting.
    if (c.draining && rounds == 16)
      return Input::Incomplete;
    if (c.draining)
      c.begin = c.end = c.scanned = c.headLength = 0;
    else if (findHead(c))
      return Input::Complete;
    if (c.ended)
      return Input::Closed;
    if (!makeRoom(c))
      return Input::Complete;
    size_t room = c.capacity - c.end;
    ssize_t n = recv(c.fd, c.buffer + c.end, room, 0);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN) {
      c.more = false;
      return Input::Incomplete;
    }
    if (n < 0)
      return Input::Closed;
    if (n == 0) {
      c.ended = true;
      continue;
    }
    c.end += n;
    // The socket is edge-triggered: fewer bytes than asked for mean that the next ones come with an event of their own,
    // except for the end of the stream, which was announced together with these.
    bool drained = size_t(n) < room && !c.hangup.load(std::memory_order_relaxed);
    c.more = !drained;
    if (drained && !c.draining)
      return findHead(c) ? Input::Complete : Input::Incomplete;
  }
}

} // namespace web
