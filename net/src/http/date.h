/// date.h - dates as HTTP writes them (RFC 9110, 5.6.7).
#ifndef FLUX_NET_HTTP_DATE_H
#define FLUX_NET_HTTP_DATE_H

#include <stddef.h>
#include <stdint.h>
#include <string_view>

namespace flux::http {

/// Of "Sun, 06 Nov 1994 08:49:37 GMT".
constexpr size_t dateLength = 29;

/// What parseDate() returns for what is no date.
constexpr int64_t noDate = INT64_MIN;

/// Writes a time in seconds since 1970 as dateLength bytes. Years before 0 and after 9999 become the first or last
/// second that can be written.
void writeDate(int64_t time, char *out);

/// Parses any of the three forms, of days that exist, the name of the weekday aside. `now` says which century is meant
/// where two digits are a year: one at most 50 years ahead.
int64_t parseDate(std::string_view text, int64_t now);

/// The present time in seconds, as the kernel's last tick had it.
int64_t currentTime();

/// The present date, written once a second and thread. Good until the thread's next call.
std::string_view currentDate();

} // namespace flux::http

#endif // FLUX_NET_HTTP_DATE_H
