#include "http/date.h"
#include "http/characters.h"

#include <time.h>

namespace flux::http {
namespace {

// No locale changes these.
constexpr std::string_view days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr int64_t firstSecond = -62167219200, lastSecond = 253402300799; // of the years 0 and 9999

void writeNumber(int number, int digits, char *out) {
  while (digits-- > 0) {
    out[digits] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

bool isLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int daysIn(int month, int year) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 1 && isLeap(year) ? 29 : lengths[month];
}

/// Takes a date apart from its front; once something else stands there than was asked for, nothing is found any more.
class DateReader {
public:
  explicit DateReader(std::string_view text) : rest(text) {}

  bool take(std::string_view wanted) {
    const bool found = good && rest.starts_with(wanted);
    if (found)
      rest.remove_prefix(wanted.size());
    return found;
  }
  void expect(std::string_view wanted) { good = take(wanted); }

  int number(size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i) {
      good = good && !rest.empty() && isIn(rest[0], digitSet);
      if (!good)
        return 0;
      value = value * 10 + (rest[0] - '0');
      rest.remove_prefix(1);
    }
    return value;
  }

  int month() {
    const size_t at = rest.size() < 3 ? std::string_view::npos : months.find(upTo(rest, 3));
    good = good && at != std::string_view::npos && at % 3 == 0;
    if (good)
      rest.remove_prefix(3);
    return good ? static_cast<int>(at / 3) : 0;
  }

  void clock(struct tm &parts) {
    parts.tm_hour = number(2);
    expect(":");
    parts.tm_min = number(2);
    expect(":");
    parts.tm_sec = number(2);
  }

  bool atEnd() const { return good && rest.empty(); }

private:
  std::string_view rest;
  bool good = true;
};

/// Sun, 06 Nov 1994 08:49:37 GMT
void readFixed(DateReader &reader, struct tm &parts) {
  parts.tm_mday = reader.number(2);
  reader.expect(" ");
  parts.tm_mon = reader.month();
  reader.expect(" ");
  parts.tm_year = reader.number(4);
  reader.expect(" ");
  reader.clock(parts);
  reader.expect(" GMT");
}

/// Sunday, 06-Nov-94 08:49:37 GMT
void readRfc850(DateReader &reader, struct tm &parts, int thisYear) {
  parts.tm_mday = reader.number(2);
  reader.expect("-");
  parts.tm_mon = reader.month();
  reader.expect("-");
  parts.tm_year = thisYear - thisYear % 100 + reader.number(2);
  if (parts.tm_year > thisYear + 50)
    parts.tm_year -= 100;
  else if (parts.tm_year <= thisYear - 50)
    parts.tm_year += 100;
  reader.expect(" ");
  reader.clock(parts);
  reader.expect(" GMT");
}

/// Sun Nov  6 08:49:37 1994
void readAsctime(DateReader &reader, struct tm &parts) {
  parts.tm_mon = reader.month();
  reader.expect(" ");
  parts.tm_mday = reader.number(reader.take(" ") ? 1 : 2);
  reader.expect(" ");
  reader.clock(parts);
  reader.expect(" ");
  parts.tm_year = reader.number(4);
}

int yearOf(int64_t time) {
  const time_t seconds = time;
  struct tm parts = {};
  gmtime_r(&seconds, &parts);
  return parts.tm_year + 1900;
}

} // namespace

void writeDate(int64_t time, char *out) {
  const time_t seconds = time < firstSecond ? firstSecond : time > lastSecond ? lastSecond : time;
  struct tm parts = {};
  gmtime_r(&seconds, &parts);
  memcpy(out, "Sun, 06 Nov 1994 08:49:37 GMT", dateLength);
  memcpy(out, days[parts.tm_wday].data(), 3);
  writeNumber(parts.tm_mday, 2, out + 5);
  memcpy(out + 8, behind(months, static_cast<size_t>(parts.tm_mon) * 3).data(), 3);
  writeNumber(parts.tm_year + 1900, 4, out + 12);
  writeNumber(parts.tm_hour, 2, out + 17);
  writeNumber(parts.tm_min, 2, out + 20);
  writeNumber(parts.tm_sec, 2, out + 23);
}

int64_t parseDate(std::string_view text, int64_t now) {
  DateReader reader(text);
  struct tm parts = {};
  for (std::string_view day : days) {
    if (reader.take(day)) {
      reader.expect(", ");
      readRfc850(reader, parts, yearOf(now));
      break;
    }
    if (reader.take(upTo(day, 3))) {
      if (reader.take(", "))
        readFixed(reader, parts);
      else if (reader.take(" "))
        readAsctime(reader, parts);
      break;
    }
  }
  // A second 60 is one that was put in between.
  if (!reader.atEnd() || parts.tm_mday < 1 || parts.tm_mday > daysIn(parts.tm_mon, parts.tm_year) ||
      parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60)
    return noDate;
  parts.tm_year -= 1900;
  return timegm(&parts);
}

int64_t currentTime() {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now.tv_sec;
}

std::string_view currentDate() {
  static thread_local int64_t written = noDate;
  static thread_local char text[dateLength];
  const int64_t now = currentTime();
  if (now != written) {
    writeDate(now, text);
    written = now;
  }
  return {text, dateLength};
}

} // namespace flux::http
