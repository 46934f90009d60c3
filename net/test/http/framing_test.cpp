/// framing_test.cpp - how long the body is (RFC 9112, 6), and what is expected (RFC 9110, 10.1.1).
#include "support.h"

#include <gtest/gtest.h>

namespace {

const Row rows[] = {
    {"", "POST / h 1.1"}, // without a length there is no body
    {"Content-Length: 0\r\n", "POST / h 1.1"},
    {"Content-Length: 5\r\n", "POST / h 1.1 length=5"},
    {"content-length:5\r\n", "POST / h 1.1 length=5"},
    {"Content-Length: \t5 \t\r\n", "POST / h 1.1 length=5"},
    {"Content-Length: 0005\r\n", "POST / h 1.1 length=5"},
    {"Content-Length: 9223372036854775807\r\n", "POST / h 1.1 length=9223372036854775807"},
    // Larger numbers are as good as the largest: too long for everybody, and never a small one.
    {"Content-Length: 9223372036854775808\r\n", "POST / h 1.1 length=9223372036854775807"},
    {"Content-Length: 18446744073709551615\r\n", "POST / h 1.1 length=9223372036854775807"},
    {"Content-Length: 18446744073709551621\r\n", "POST / h 1.1 length=9223372036854775807"},
    {"Content-Length: 99999999999999999999999999\r\n", "POST / h 1.1 length=9223372036854775807"},
    {"Content-Length:\r\n", "400 badLength"},
    {"Content-Length: -1\r\n", "400 badLength"},
    {"Content-Length: +5\r\n", "400 badLength"},
    {"Content-Length: 5.0\r\n", "400 badLength"},
    {"Content-Length: 5e1\r\n", "400 badLength"},
    {"Content-Length: 0x5\r\n", "400 badLength"},
    {"Content-Length: 5 5\r\n", "400 badLength"},
    {"Content-Length: 5\t5\r\n", "400 badLength"},
    {"Content-Length: five\r\n", "400 badLength"},
    {"Content-Length: \"5\"\r\n", "400 badLength"},
    {"Content-Length: 5;\r\n", "400 badLength"},
    {"Content-Length: 5\xb9\r\n", "400 badLength"},
    // Lists of equal numbers may be refused (RFC 9110, 8.6), of others have to be.
    {"Content-Length: 5, 5\r\n", "400 badLength"},
    {"Content-Length: 5,\r\n", "400 badLength"},
    {"Content-Length: 5\r\nContent-Length: 5\r\n", "400 severalLengths"},
    {"Content-Length: 5\r\nContent-Length: 6\r\n", "400 severalLengths"},
    {"Content-Length: 0\r\nX: y\r\ncontent-length: 0\r\n", "400 severalLengths"},
    {"Content-Length : 5\r\n", "400 badFieldName"},
    {"Content_Length: 5\r\n", "POST / h 1.1"}, // another field
    {"Content-Lengthx: 5\r\n", "POST / h 1.1"},
    // Transfer-Encoding.
    {"Transfer-Encoding: chunked\r\n", "POST / h 1.1 chunked"},
    {"transfer-encoding:CHUNKED\r\n", "POST / h 1.1 chunked"},
    {"Transfer-Encoding: chunked\t\r\n", "POST / h 1.1 chunked"},
    {"Transfer-Encoding: ,chunked, ,\r\n", "POST / h 1.1 chunked"}, // RFC 9110, 5.6.1
    {"Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n", "POST / h 1.1 chunked"},
    {"Transfer-Encoding:\r\n", "400 badCoding"},
    {"Transfer-Encoding: \t\r\n", "400 badCoding"},
    {"Transfer-Encoding: ,\r\n", "400 badCoding"},
    {"Transfer-Encoding: identity\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: gzip\r\n", "501 unknownCoding"}, // 6.1, and not the 400 of 6.3
    {"Transfer-Encoding: chunked, gzip\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunked, identity\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: gzip, chunked\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: identity, chunked\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunked, chunked\r\n", "400 badCoding"}, // once only
    {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "400 badCoding"},
    {"Transfer-Encoding: chunked, gzip, chunked\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: xchunked\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunkedx\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunked;a=b\r\n", "400 badCoding"}, // 7.1: it has no parameters
    {"Transfer-Encoding: chunked;\r\n", "400 badCoding"},
    {"Transfer-Encoding: \"chunked\"\r\n", "400 badCoding"},
    {"Transfer-Encoding: 'chunked'\r\n", "501 unknownCoding"},
    {"Transfer-Encoding: chunked x\r\n", "400 badCoding"},
    {"Transfer-Encoding: x chunked\r\n", "400 badCoding"},
    {"Transfer-Encoding: \"a, chunked\r\n", "400 badCoding"}, // in a string that is not closed
    {"Transfer-Encoding: chun\tked\r\n", "400 badCoding"},
    {"Transfer-Encoding: chunked\v\r\n", "400 badFieldValue"},
    {"Transfer-Encoding: \x0b"
     "chunked\r\n",
     "400 badFieldValue"},
    {"Transfer-Encoding: chunked\0\r\n"s, "400 badFieldValue"},
    {"Transfer-Encoding: chunked\r\r\n", "400 badFieldValue"},
    {"Transfer-Encoding : chunked\r\n", "400 badFieldName"},
    {" Transfer-Encoding: chunked\r\n", "400 foldedLine"},
    {"X: y\r\n Transfer-Encoding: chunked\r\n", "400 foldedLine"},
    {"Transfer-Encoding\r\n: chunked\r\n", "400 badFieldName"},
    // Both: somebody smuggles.
    {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "400 codingAndLength"},
    {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "400 codingAndLength"},
    {"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "400 codingAndLength"},
    {"Content-Length: 5\r\nTransfer-Encoding:\r\n", "400 badCoding"},
    {"Content-Length: x\r\nTransfer-Encoding: chunked\r\n", "400 badLength"},
    // Expectations.
    {"Content-Length: 5\r\nExpect: 100-continue\r\n", "POST / h 1.1 length=5 continue"},
    {"Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n", "POST / h 1.1 chunked continue"},
    {"Expect: 100-continue\r\n", "POST / h 1.1"}, // for nothing
    {"Content-Length: 0\r\nExpect: 100-continue\r\n", "POST / h 1.1"},
    {"Content-Length: 5\r\nExpect: 100-continue\t\r\n", "POST / h 1.1 length=5 continue"},
    {"Content-Length: 5\r\nExpect: , 100-continue,\r\n", "POST / h 1.1 length=5 continue"},
    {"Content-Length: 5\r\nExpect:\r\n", "POST / h 1.1 length=5"},
    {"Expect: 200-ok\r\n", "417 unknownExpectation"},
    {"Expect: 100-continue, x\r\n", "417 unknownExpectation"},
    {"Expect: 100-continue\r\nExpect: x\r\n", "417 unknownExpectation"},
    {"Expect: 100-continue;a=b\r\n", "417 unknownExpectation"},
    {"Expect: 100 continue\r\n", "417 unknownExpectation"},
};

TEST(FramingTest, Http11) {
  for (const Row &row : rows)
    EXPECT_EQ(outcome("POST / HTTP/1.1\r\nHost: h\r\n" + row.in + "\r\n"), row.out) << row.in;
}

// Whatever the method: a body of GET that is not read would be the next request.
TEST(FramingTest, OfGet) {
  for (const Row &row : rows) {
    std::string expected = row.out;
    if (expected.compare(0, 4, "POST") == 0)
      expected.replace(0, 4, "GET");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: h\r\n" + row.in + "\r\n"), expected) << row.in;
  }
}

const Row old[] = {
    {"Content-Length: 5\r\n", "POST / h 1.0 close length=5"},
    {"Transfer-Encoding: chunked\r\n", "400 codingInOldVersion"}, // RFC 9112, 6.1
    {"Transfer-Encoding: gzip\r\n", "400 codingInOldVersion"},
    {"Transfer-Encoding:\r\n", "400 codingInOldVersion"},
    {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "400 codingInOldVersion"},
    // RFC 9110, 10.1.1: a client of HTTP/1.0 waits for nothing.
    {"Content-Length: 5\r\nExpect: 100-continue\r\n", "POST / h 1.0 close length=5"},
    {"Expect: x\r\n", "POST / h 1.0 close"},
};

TEST(FramingTest, Http10) {
  for (const Row &row : old)
    EXPECT_EQ(outcome("POST / HTTP/1.0\r\nHost: h\r\n" + row.in + "\r\n"), row.out) << row.in;
}

} // namespace
