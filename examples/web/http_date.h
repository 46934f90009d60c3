// http_date.h - dates as HTTP writes them.
#ifndef WEB_HTTP_DATE_H
#define WEB_HTTP_DATE_H

#include <ctime>
#include <string>
#include <string_view>

namespace web {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string formatDate(time_t time);

/// Parses any of the three forms that RFC 9110 knows. Returns -1 if `text` is none of them.
time_t parseDate(std::string_view text);

/// The present date, formatted once per second and thread. The view is good until the thread's next call.
std::string_view currentDate();

} // namespace web

#endif // WEB_HTTP_DATE_H
