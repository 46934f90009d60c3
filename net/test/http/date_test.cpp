/// date_test.cpp - dates (RFC 9110, 5.6.7).
#include "http/date.h"

#include <gtest/gtest.h>

#include <string>

using namespace flux::http;

namespace {

constexpr int64_t now = 1764244800; // 27 November 2025, noon

std::string written(int64_t time) {
  char text[dateLength];
  writeDate(time, text);
  return {text, dateLength};
}

struct Case {
  const char *text;
  int64_t time;
};

const Case cases[] = {
    // The example in its three forms.
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
    {"Tue, 29 Feb 2000 12:00:00 GMT", 951825600},
    {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
    {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
    {"Sat, 01 Jan 0000 00:00:00 GMT", -62167219200},
    {"Tue Nov 29 08:49:37 1994", 786098977},
    {"Fri, 30 Jun 1972 23:59:60 GMT", 78796800},  // a leap second
    {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777}, // a wrong weekday says nothing
    // Two digits of a year are at most 50 years ahead.
    {"Thursday, 27-Nov-25 12:00:00 GMT", now},
    {"Friday, 01-Jan-26 00:00:00 GMT", 1767225600},
    {"Friday, 01-Jan-75 00:00:00 GMT", 3313526400},
    {"Thursday, 01-Jan-76 00:00:00 GMT", 189302400},
    {"Friday, 31-Dec-99 23:59:59 GMT", 946684799},
    // Days and times that there are not.
    {"Sun, 00 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 32 Jan 1994 08:49:37 GMT", noDate},
    {"Sun, 31 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 29 Feb 2023 08:49:37 GMT", noDate},
    {"Sun, 29 Feb 1900 08:49:37 GMT", noDate},
    {"Sun, 06 Nov 1994 24:00:00 GMT", noDate},
    {"Sun, 06 Nov 1994 08:60:37 GMT", noDate},
    {"Sun, 06 Nov 1994 08:49:61 GMT", noDate},
    // Other forms.
    {"", noDate},
    {"0", noDate},
    {"yesterday", noDate},
    {"784111777", noDate},
    {"Sun", noDate},
    {"Sun,", noDate},
    {"Sunday", noDate},
    {"Sun, 06 Nov 1994 08:49:37", noDate},
    {"Sun, 06 Nov 1994 08:49:37 GM", noDate},
    {"Sun, 06 Nov 1994 08:49:37 GMT ", noDate},
    {" Sun, 06 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06 Nov 1994 08:49:37 UTC", noDate},
    {"Sun, 06 Nov 1994 08:49:37 +0000", noDate},
    {"Sun, 6 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06 Nov 94 08:49:37 GMT", noDate},
    {"Sun, 06 Nov 1994 8:49:37 GMT", noDate},
    {"Sun, 06 Nov 1994 08:49 GMT", noDate},
    {"Sun,06 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06  Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06-Nov-1994 08:49:37 GMT", noDate},
    {"sun, 06 nov 1994 08:49:37 gmt", noDate}, // case-sensitive
    {"SUN, 06 NOV 1994 08:49:37 GMT", noDate},
    {"Xyz, 06 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06 Abc 1994 08:49:37 GMT", noDate},
    {"Sun, 06 anF 1994 08:49:37 GMT", noDate}, // not from the middle of the list of months
    {"06 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, -6 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 0x Nov 1994 08:49:37 GMT", noDate},
    {"Sunday, 06-Nov-1994 08:49:37 GMT", noDate},
    {"Sunday, 06 Nov 1994 08:49:37 GMT", noDate},
    {"Sun, 06-Nov-94 08:49:37 GMT", noDate},
    {"Sun Nov 6 08:49:37 1994", noDate}, // two columns
    {"Sun Nov 06 08:49:37 94", noDate},
    {"Sun Nov  6 08:49:37 GMT 1994", noDate},
    {"Sun Nov  6 08:49:37 1994 GMT", noDate},
    {"1994-11-06T08:49:37Z", noDate},
};

TEST(DateTest, Parse) {
  for (const Case &each : cases)
    EXPECT_EQ(parseDate(each.text, now), each.time) << each.text;
}

// In asctime's form a day may have two digits with a zero, which strptime's %e takes, too.
TEST(DateTest, ZeroInAsctime) { EXPECT_EQ(parseDate("Sun Nov 06 08:49:37 1994", now), 784111777); }

TEST(DateTest, Write) {
  EXPECT_EQ(written(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(written(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(written(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(written(INT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(written(INT64_MIN), "Sat, 01 Jan 0000 00:00:00 GMT");
}

// Every day of 400 years, each at another time of the day.
TEST(DateTest, WrittenAndParsed) {
  for (int64_t time = -5000000000; time < 8000000000; time += 86399)
    ASSERT_EQ(parseDate(written(time), now), time) << written(time);
}

TEST(DateTest, Current) {
  const int64_t before = currentTime();
  const std::string date(currentDate());
  const int64_t time = parseDate(date, before);
  EXPECT_GE(time, before);
  EXPECT_LE(time, currentTime());
}

} // namespace
