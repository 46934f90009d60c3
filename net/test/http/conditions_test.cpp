/// conditions_test.cpp - conditional requests (RFC 9110, 13) and byte ranges (14).
#include "http/conditions.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

// 9 September 2001, 01:46:40, of a document with the tag "a".
constexpr int64_t modified = 1000000000, now = 1764259200;
#define SAME "Sun, 09 Sep 2001 01:46:40 GMT"
#define EARLIER "Sun, 09 Sep 2001 01:46:39 GMT"
#define LATER "Sun, 09 Sep 2001 01:46:41 GMT"

const Representation plain = {true, "\"a\"", modified}, weak = {true, "W/\"a\"", modified}, bare = {true, "", noDate},
                     none = {false, "", noDate};

int conditions(const char *method, const std::string &fields, const Representation &representation) {
  ParsedHead head(std::string(method) + " / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
  EXPECT_EQ(head.refusal, Refusal::none);
  return evaluateConditions(head.request, representation, now);
}

struct Case {
  std::string fields;
  int get, put; ///< for "a" of `modified`
};

const Case cases[] = {
    {"", 0, 0},
    {"If-None-Match: \"a\"\r\n", 304, 412},
    {"if-none-match:\"a\" \t\r\n", 304, 412},
    {"If-None-Match: W/\"a\"\r\n", 304, 412}, // compared weakly
    {"If-None-Match: *\r\n", 304, 412},
    {"If-None-Match: \"b\"\r\n", 0, 0},
    {"If-None-Match: \"b\", \"a\"\r\n", 304, 412},
    {"If-None-Match: ,,\"b\",, \"a\"\r\n", 304, 412}, // empty elements are none
    {"If-None-Match: \"b\"\r\nIf-None-Match: \"a\"\r\n", 304, 412},
    {"If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n", 304, 412},
    {"If-None-Match:\r\nIf-None-Match: \"a\"\r\n", 304, 412},
    {"If-None-Match: a\r\n", 0, 0},
    {"If-None-Match: \"A\"\r\n", 0, 0},
    {"If-None-Match: \"a\r\n", 0, 0},
    {"If-None-Match:\r\n", 0, 0},
    {"If-None-Match: **\r\n", 0, 0},
    {"If-None-Match: \"*\"\r\n", 0, 0},
    // If-Modified-Since, of GET and HEAD only.
    {"If-Modified-Since: " SAME "\r\n", 304, 0},
    {"If-Modified-Since: " SAME "\t\r\n", 304, 0},
    {"If-Modified-Since: " LATER "\r\n", 304, 0},
    {"If-Modified-Since: " EARLIER "\r\n", 0, 0},
    {"If-Modified-Since: Sunday, 09-Sep-01 01:46:40 GMT\r\n", 304, 0},
    {"If-Modified-Since: Sun Sep  9 01:46:40 2001\r\n", 304, 0},
    {"If-Modified-Since: yesterday\r\n", 0, 0},
    {"If-Modified-Since:\r\n", 0, 0},
    {"If-Modified-Since: " SAME "\r\nIf-Modified-Since: " SAME "\r\n", 0, 0}, // 13.1.3: no list
    {"If-Modified-Since: " SAME ", " SAME "\r\n", 0, 0},
    // Tags come before dates.
    {"If-None-Match: \"b\"\r\nIf-Modified-Since: " SAME "\r\n", 0, 0},
    {"If-None-Match: \"a\"\r\nIf-Modified-Since: " EARLIER "\r\n", 304, 412},
    {"If-None-Match:\r\nIf-Modified-Since: " SAME "\r\n", 0, 0},
    // If-Match, compared strongly.
    {"If-Match: \"a\"\r\n", 0, 0},
    {"If-Match: *\r\n", 0, 0},
    {"If-Match: \"b\"\r\n", 412, 412},
    {"If-Match: W/\"a\"\r\n", 412, 412},
    {"If-Match: \"b\", \"a\"\r\n", 0, 0},
    {"If-Match: \"b\"\r\nIf-Match: \"a\"\r\n", 0, 0},
    {"If-Match: \"a\"\r\nIf-Match: \"b\"\r\n", 0, 0},
    {"If-Match: , \"a\" ,\r\n", 0, 0},
    {"If-Match: a\r\n", 412, 412},
    {"If-Match:\r\n", 412, 412},
    // If-Unmodified-Since, only without If-Match.
    {"If-Unmodified-Since: " SAME "\r\n", 0, 0},
    {"If-Unmodified-Since: " LATER "\r\n", 0, 0},
    {"If-Unmodified-Since: " EARLIER "\r\n", 412, 412},
    {"If-Unmodified-Since: " EARLIER " \t\r\n", 412, 412},
    {"If-Unmodified-Since: never\r\n", 0, 0},
    {"If-Unmodified-Since: " EARLIER "\r\nIf-Unmodified-Since: " EARLIER "\r\n", 0, 0},
    {"If-Match: \"a\"\r\nIf-Unmodified-Since: " EARLIER "\r\n", 0, 0},
    {"If-Match: \"b\"\r\nIf-Unmodified-Since: " SAME "\r\n", 412, 412},
    // The order of 13.2.2.
    {"If-Match: \"b\"\r\nIf-None-Match: \"a\"\r\n", 412, 412},
    {"If-Match: \"a\"\r\nIf-None-Match: \"a\"\r\n", 304, 412},
    {"If-Unmodified-Since: " EARLIER "\r\nIf-None-Match: \"a\"\r\n", 412, 412},
    {"If-Unmodified-Since: " SAME "\r\nIf-Modified-Since: " SAME "\r\n", 304, 0},
};

TEST(ConditionsTest, Precedence) {
  for (const Case &each : cases) {
    EXPECT_EQ(conditions("GET", each.fields, plain), each.get) << each.fields;
    EXPECT_EQ(conditions("HEAD", each.fields, plain), each.get) << each.fields;
    EXPECT_EQ(conditions("PUT", each.fields, plain), each.put) << each.fields;
  }
}

TEST(ConditionsTest, OtherRepresentations) {
  EXPECT_EQ(conditions("GET", "If-None-Match: \"a\"\r\n", weak), 304);
  EXPECT_EQ(conditions("GET", "If-Match: W/\"a\"\r\n", weak), 412); // weak tags match nothing strongly
  EXPECT_EQ(conditions("GET", "If-None-Match: \"\"\r\n", bare), 0);
  EXPECT_EQ(conditions("GET", "If-None-Match: *\r\n", bare), 304);
  EXPECT_EQ(conditions("GET", "If-Modified-Since: " LATER "\r\n", bare), 0);
  EXPECT_EQ(conditions("GET", "If-Unmodified-Since: " EARLIER "\r\n", bare), 0);
  // What is not there yet.
  EXPECT_EQ(conditions("PUT", "If-None-Match: *\r\n", none), 0);
  EXPECT_EQ(conditions("PUT", "If-Match: *\r\n", none), 412);
  EXPECT_EQ(conditions("PUT", "If-Match: \"a\"\r\n", none), 412);
}

/// "206 first+length" or a status.
std::string range(const std::string &fields, uint64_t size = 10, const char *method = "GET",
                  const Representation &representation = plain, int64_t time = now) {
  ParsedHead head(std::string(method) + " / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
  EXPECT_EQ(head.refusal, Refusal::none);
  Range part;
  const int status = evaluateRange(head.request, representation, size, time, part);
  if (status != 206)
    return std::to_string(status);
  return "206 " + std::to_string(part.first) + "+" + std::to_string(part.length);
}

const Row ranges[] = {
    {"bytes=0-0", "206 0+1"},
    {"bytes=2-4", "206 2+3"},
    {"bytes=7-", "206 7+3"},
    {"bytes=9-9", "206 9+1"},
    {"bytes=0-9", "206 0+10"},
    {"bytes=0-", "206 0+10"},
    {"bytes=-3", "206 7+3"},
    {"bytes=-10", "206 0+10"},
    {"bytes=-100", "206 0+10"},
    {"bytes=5-100", "206 5+5"},
    {"bytes=5-99999999999999999999", "206 5+5"},
    {"bytes=-99999999999999999999", "206 0+10"},
    {"bytes=005-0006", "206 5+2"},
    {"BYTES=0-1", "206 0+2"}, // 14.1: units have no case
    {"bytes=0-1\t", "206 0+2"},
    {"bytes= 0-1", "206 0+2"},
    {"bytes=,0-1, ,", "206 0+2"},
    {"bytes=10-", "416"},
    {"bytes=10-20", "416"},
    {"bytes=99999999999999999999-", "416"},
    {"bytes=-0", "416"},
    {"bytes=-000", "416"},
    // Several ranges, which a server may ignore, and what is none.
    {"bytes=0-1,3-4", "200"},
    {"bytes=0-1, 3-4", "200"},
    {"bytes=20-,0-1", "200"},
    {"bytes=4-2", "200"},
    {"bytes=", "200"},
    {"bytes=,", "200"},
    {"bytes=-", "200"},
    {"bytes=--1", "200"},
    {"bytes=1", "200"},
    {"bytes=a-b", "200"},
    {"bytes=1-b", "200"},
    {"bytes=0-1-2", "200"},
    {"bytes=0 -1", "200"},
    {"bytes=0- 1", "200"},
    {"bytes=+0-1", "200"},
    {"bytes=0x0-1", "200"},
    {"bytes =0-1", "200"},
    {"bytes 0-1", "200"},
    {"bytes:0-1", "200"},
    {"byte=0-1", "200"},
    {"lines=1-2", "200"},
    {"=0-1", "200"},
    {"0-1", "200"},
    {"", "200"},
};

TEST(RangesTest, Values) {
  for (const Row &row : ranges)
    EXPECT_EQ(range("Range: " + row.in + "\r\n"), row.out) << row.in;
}

TEST(RangesTest, OfNothing) {
  EXPECT_EQ(range("Range: bytes=0-0\r\n", 0), "416");
  EXPECT_EQ(range("Range: bytes=0-\r\n", 0), "416");
  EXPECT_EQ(range("Range: bytes=-1\r\n", 0), "416");
}

// Numbers at the ends of what there is.
TEST(RangesTest, OfMuch) {
  EXPECT_EQ(range("Range: bytes=9223372036854775806-\r\n", INT64_MAX), "206 9223372036854775806+1");
  EXPECT_EQ(range("Range: bytes=9223372036854775807-\r\n", INT64_MAX), "416");
  EXPECT_EQ(range("Range: bytes=-18446744073709551616\r\n", INT64_MAX), "206 0+9223372036854775807");
}

TEST(RangesTest, Ignored) {
  EXPECT_EQ(range(""), "200");
  EXPECT_EQ(range("Range: bytes=0-1\r\n", 10, "HEAD"), "200"); // 14.2: of GET only
  EXPECT_EQ(range("Range: bytes=0-1\r\n", 10, "POST"), "200");
  EXPECT_EQ(range("Range: bytes=0-1\r\nRange: bytes=0-1\r\n"), "200"); // no list
}

const Row conditional[] = {
    {"\"a\"", "206 0+2"},
    {"\"a\" \t", "206 0+2"},
    {SAME, "206 0+2"},
    {SAME "\t", "206 0+2"},
    {"Sunday, 09-Sep-01 01:46:40 GMT", "206 0+2"},
    {"\"b\"", "200"},
    {"W/\"a\"", "200"}, // 13.1.5: strongly
    {"\"a\", \"b\"", "200"},
    {"*", "200"},
    {"a", "200"},
    {"", "200"},
    {EARLIER, "200"}, // exactly the date
    {LATER, "200"},
    {"never", "200"},
};

TEST(RangesTest, IfRange) {
  for (const Row &row : conditional)
    EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: " + row.in + "\r\n"), row.out) << row.in;
  EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: \"a\"\r\nIf-Range: \"a\"\r\n"), "200");
  EXPECT_EQ(range("Range: bytes=20-\r\nIf-Range: \"b\"\r\n"), "200"); // the range is not looked at
  EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: W/\"a\"\r\n", 10, "GET", weak), "200");
  EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: " SAME "\r\n", 10, "GET", bare), "200");
  // Within its second a date is no strong validator.
  EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: " SAME "\r\n", 10, "GET", plain, modified), "200");
  EXPECT_EQ(range("Range: bytes=0-1\r\nIf-Range: " SAME "\r\n", 10, "GET", plain, modified + 1), "206 0+2");
}

} // namespace
