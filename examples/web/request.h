// request.h - what a client asked for.
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <cstdint>
#include <string_view>

namespace web {

/// One parsed request. The views point into the buffer that held the head.
struct Request {
  bool head = false;        ///< HEAD rather than GET
  bool http11 = true;       ///< HTTP/1.1 rather than 1.0
  bool keepAlive = false;   ///< the client lets the connection live on
  bool bodyFollows = false; ///< a body of unknown length follows the head: nothing behind it can be read
  uint64_t bodyLength = 0;  ///< bytes of body that follow the head
  std::string_view target;
  std::string_view ifMatch;
  std::string_view ifModifiedSince;
  std::string_view ifNoneMatch;
  std::string_view ifRange;
  std::string_view ifUnmodifiedSince;
  std::string_view range;
};

/// Parses `text`, a whole request head up to and including its empty line, into `request`. Returns 0 or the HTTP status
/// that refuses the request; `request.head` and `request.http11` are set as far as they are known even then.
int parseRequest(std::string_view text, Request &request);

} // namespace web

#endif // WEB_REQUEST_H
