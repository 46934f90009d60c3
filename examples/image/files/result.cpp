// result.cpp - what goes with a picture that is sent.
#include "files/result.h"

#include <cstdio>
#include <flux/http.h>
#include <functional>

namespace image {
namespace {

/// For so long a result is sent without a look at its original.
constexpr int64_t freshMs = 1000;

int64_t maxAge;

} // namespace

int64_t Result::cost() const {
  return static_cast<int64_t>(sizeof(Result) + 256 + 2 * key.capacity() + etag.capacity() + headers.capacity() +
                              validators.capacity() + encoded.bytes.size());
}

void setMaxAge(int64_t seconds) { maxAge = seconds; }

void describe(Result &result) {
  const struct timespec modified = result.stamp.modified;
  char text[160];
  // The inode, too: another file of the same size and time may take its place.
  snprintf(text, sizeof text, "\"%llx-%llx.%lx-%llx-%zx\"", (unsigned long long)result.stamp.inode,
           (unsigned long long)modified.tv_sec, modified.tv_nsec, (unsigned long long)result.stamp.size,
           std::hash<std::string>()(result.key));
  result.etag = text;
  snprintf(text, sizeof text, "Cache-Control: public, max-age=%lld\r\nVary: Accept\r\n", (long long)maxAge);
  result.validators.append("ETag: ").append(result.etag).append("\r\n").append(text);
  // One in the future would make a later change look older.
  if (modified.tv_sec <= time(nullptr)) {
    char date[FLUX_HTTP_DATE_SIZE];
    result.validators.append("Last-Modified: ").append(flux_http_date(modified.tv_sec, date)).append("\r\n");
  }
  result.headers = result.validators;
  result.headers.append("Accept-Ranges: bytes\r\n");
}

bool isFresh(const Result &result) { return monotonicMs() - result.checked.load(std::memory_order_relaxed) < freshMs; }

int64_t monotonicMs() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

} // namespace image
