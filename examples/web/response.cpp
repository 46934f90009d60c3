// response.cpp - composing heads and sending responses.
#include "response.h"
#include "document.h"
#include "http_date.h"
#include "options.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace web {
namespace {

/// Most heads are no longer; a string that grows to it by itself is allocated five times.
constexpr size_t usualHead = 512;

/// True once the client can take more; false if it does not within the send timeout.
bool waitWritable(int fd) {
  struct pollfd p = {fd, POLLOUT, 0};
  int n;
  do
    n = poll(&p, 1, static_cast<int>(options().sendTimeoutMs));
  while (n < 0 && errno == EINTR);
  return n == 1;
}

/// After a failed send: true if it is worth another try.
bool mayRetry(int fd) { return errno == EINTR || (errno == EAGAIN && waitWritable(fd)); }

/// Up to this size, copying head and body together is cheaper than a message of two parts.
constexpr size_t mostCopied = 4 * 1024;

bool sendWhole(int fd, std::string_view head, std::string_view body, int flags) {
  char whole[mostCopied];
  head.copy(whole, head.size());
  body.copy(whole + head.size(), body.size());
  for (size_t sent = 0, size = head.size() + body.size(); sent != size;) {
    ssize_t n = send(fd, whole + sent, size - sent, MSG_NOSIGNAL | flags);
    if (n >= 0)
      sent += n;
    else if (!mayRetry(fd))
      return false;
  }
  return true;
}

bool sendBytes(int fd, std::string_view head, std::string_view body, int flags) {
  struct iovec parts[2] = {{const_cast<char *>(head.data()), head.size()},
                           {const_cast<char *>(body.data()), body.size()}};
  struct msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  for (size_t left = head.size() + body.size(); left != 0;) {
    ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL | flags);
    if (n < 0) {
      if (!mayRetry(fd))
        return false;
      continue;
    }
    left -= n;
    for (iovec &part : parts) {
      size_t sent = std::min<size_t>(n, part.iov_len);
      part.iov_base = static_cast<char *>(part.iov_base) + sent;
      part.iov_len -= sent;
      n -= sent;
    }
  }
  return true;
}

bool sendFile(int fd, int file, off_t offset, int64_t length) {
  constexpr int64_t piece = 1 << 20;
  while (length != 0) {
    ssize_t n = sendfile(fd, file, &offset, std::min(length, piece));
    if (n < 0 && mayRetry(fd))
      continue;
    // Nothing more although more was promised: the file was cut off meanwhile.
    if (n <= 0)
      return false;
    length -= n;
  }
  return true;
}

} // namespace

const char *reasonOf(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 206:
    return "Partial Content";
  case 301:
    return "Moved Permanently";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 416:
    return "Range Not Satisfiable";
  case 431:
    return "Request Header Fields Too Large";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return "Internal Server Error";
  }
}

void beginHead(Connection &c, int status, bool close) {
  std::string &head = c.exchange->head;
  head.reserve(usualHead);
  if (status == 200) {
    head.assign("HTTP/1.1 200 OK\r\nServer: flux\r\nDate: ");
  } else {
    head.assign("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reasonOf(status));
    head.append("\r\nServer: flux\r\nDate: ");
  }
  head.append(currentDate()).append("\r\n");
  if (close)
    head.append("Connection: close\r\n");
  else if (!c.exchange->request.http11)
    head.append("Connection: keep-alive\r\n");
}

void appendNumber(std::string &head, const char *name, int64_t number) {
  char digits[24];
  char *end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  head.append(name).append(": ").append(digits, end).append("\r\n");
}

bool sendResponse(Connection &c, const char *content, int64_t length, bool last) {
  const Exchange &x = *c.exchange;
  // The end of the stream then goes out in the same packet, and pushes it.
  const int flags = last ? MSG_MORE : 0;
  const bool inMemory = content || length == 0;
  if (inMemory && x.head.size() + static_cast<size_t>(length) <= mostCopied)
    return sendWhole(c.fd, x.head, {content, static_cast<size_t>(length)}, flags);
  if (inMemory)
    return sendBytes(c.fd, x.head, {content, static_cast<size_t>(length)}, flags);
  return sendBytes(c.fd, x.head, {}, MSG_MORE) && sendFile(c.fd, x.document->fd, x.offset, length);
}

} // namespace web
