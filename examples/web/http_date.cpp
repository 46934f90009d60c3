// http_date.cpp - dates as HTTP writes them.
#include "http_date.h"

#include <algorithm>
#include <cstring>

namespace web {
namespace {

constexpr size_t dateLength = 29;

void format(time_t time, char (&text)[dateLength + 1]) {
  struct tm parts = {};
  gmtime_r(&time, &parts);
  // The program never calls setlocale(), so the names are the English ones.
  if (strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) == 0)
    memcpy(text, "Thu, 01 Jan 1970 00:00:00 GMT", sizeof text); // a year of five digits
}

} // namespace

std::string formatDate(time_t time) {
  char text[dateLength + 1];
  format(time, text);
  return text;
}

time_t parseDate(std::string_view text) {
  char copy[48] = {};
  if (text.size() >= sizeof copy)
    return -1;
  std::copy(text.begin(), text.end(), copy);
  for (const char *form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    struct tm parts = {};
    const char *end = strptime(copy, form, &parts);
    if (end && *end == '\0')
      return timegm(&parts);
  }
  return -1;
}

std::string_view currentDate() {
  static thread_local time_t formatted = -1;
  static thread_local char text[dateLength + 1];
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != formatted) {
    format(now.tv_sec, text);
    formatted = now.tv_sec;
  }
  return {text, dateLength};
}

} // namespace web
