/// conditions.h - conditional requests (RFC 9110, 13) and byte ranges (14).
#ifndef FLUX_NET_HTTP_CONDITIONS_H
#define FLUX_NET_HTTP_CONDITIONS_H

#include "http/date.h"
#include "http/request.h"

namespace flux::http {

/// What a request is about, as it is now.
struct Representation {
  bool exists = true;        ///< false for what a PUT, for example, is to make
  std::string_view etag;     ///< with its quotes; empty if it has none
  int64_t modified = noDate; ///< in seconds since 1970; noDate if that is not known
};

/// Evaluates the conditions in the order of 13.2.2, but for If-Range. Returns 0 if the request is to be answered as one
/// without conditions, 304 or 412. Fields of one name are one list; dates that are none, or are repeated, do not count.
/// `now` is the present time in seconds.
int evaluateConditions(const Request &request, const Representation &representation, int64_t now);

/// A part of a representation.
struct Range {
  uint64_t first = 0, length = 0;
};

/// Evaluates Range and If-Range, once evaluateConditions() has returned 0. Returns 206 with `range` set, 416, or 200 if
/// there is nothing to split: another method than GET, no valid Range of one range (several are ignored, as 14.2
/// allows), or an If-Range that names another representation. In that a date counts only once its second is over, since
/// before that the representation may change without its date (8.8.2.2).
int evaluateRange(const Request &request, const Representation &representation, uint64_t size, int64_t now,
                  Range &range);

} // namespace flux::http

#endif // FLUX_NET_HTTP_CONDITIONS_H
