/// request_line_test.cpp - the first line of a request (RFC 9112, 3; versions: RFC 9110, 2.5).
#include "support.h"

#include <gtest/gtest.h>

namespace {

const Row lines[] = {
    {"GET / HTTP/1.1", "GET / h 1.1"},
    {"HEAD / HTTP/1.1", "HEAD / h 1.1"},
    {"POST / HTTP/1.1", "POST / h 1.1"},
    {"PUT / HTTP/1.1", "PUT / h 1.1"},
    {"DELETE / HTTP/1.1", "DELETE / h 1.1"},
    {"PATCH / HTTP/1.1", "PATCH / h 1.1"},
    {"TRACE / HTTP/1.1", "TRACE / h 1.1"},
    {"OPTIONS / HTTP/1.1", "OPTIONS / h 1.1"},
    // Which methods there are is for the server to say (501, 405).
    {"BREW / HTTP/1.1", "BREW / h 1.1"},
    {"get / HTTP/1.1", "get / h 1.1"},
    {"M-SEARCH / HTTP/1.1", "M-SEARCH / h 1.1"},
    {"!#$%&'*+-.^_`|~09azAZ / HTTP/1.1", "!#$%&'*+-.^_`|~09azAZ / h 1.1"},
    // Versions.
    {"GET / HTTP/1.0", "GET / h 1.0 close"},
    {"GET / HTTP/1.2", "GET / h 1.1"}, // RFC 9110, 2.5: the highest minor version that we know
    {"GET / HTTP/1.9", "GET / h 1.1"},
    {"GET / HTTP/2.0", "505 unknownVersion"},
    {"GET / HTTP/0.9", "505 unknownVersion"},
    {"GET / HTTP/3.1", "505 unknownVersion"},
    {"GET / HTTP/9.9", "505 unknownVersion"},
    {"PRI * HTTP/2.0", "505 unknownVersion"}, // the preface of HTTP/2
    {"GET / HTTP/2", "400 badRequestLine"},
    {"GET / HTTP/1", "400 badRequestLine"},
    {"GET / HTTP/1.", "400 badRequestLine"},
    {"GET / HTTP/.1", "400 badRequestLine"},
    {"GET / HTTP/1.10", "400 badRequestLine"}, // one digit each
    {"GET / HTTP/01.1", "400 badRequestLine"},
    {"GET / HTTP/11", "400 badRequestLine"},
    {"GET / HTTP/1,1", "400 badRequestLine"},
    {"GET / HTTP/a.b", "400 badRequestLine"},
    {"GET / HTTP/-1.1", "400 badRequestLine"},
    {"GET / http/1.1", "400 badRequestLine"}, // case-sensitive
    {"GET / Http/1.1", "400 badRequestLine"},
    {"GET / RTSP/1.1", "400 badRequestLine"}, // other protocols that look like it
    {"GET / ICE/1.0", "400 badRequestLine"},
    {"SOURCE / ICE/1.0", "400 badRequestLine"},
    {"GET / SIP/2.0", "400 badRequestLine"},
    {"GET / HTTPS/1.1", "400 badRequestLine"},
    {"GET / HTTP 1.1", "400 badRequestLine"},
    {"GET / HTTP/1.1x", "400 badRequestLine"},
    {"GET / HTTP/1.1 x", "400 badRequestLine"},
    {"GET / /HTTP/1.1", "400 badRequestLine"},
    {"GET / HTTP//1.1", "400 badRequestLine"},
    // Exactly one space between, and none at the ends: others may see another target.
    {"GET /", "400 badRequestLine"}, // HTTP/0.9
    {"GET", "400 badRequestLine"},
    {"GET ", "400 badRequestLine"},
    {"GET / ", "400 badRequestLine"},
    {"GET  / HTTP/1.1", "400 badRequestLine"},
    {"GET /  HTTP/1.1", "400 badRequestLine"},
    {"GET / HTTP/1.1 ", "400 badRequestLine"},
    {"GET / HTTP/1.1\t", "400 badRequestLine"},
    {"GET\t/ HTTP/1.1", "400 badRequestLine"},
    {"GET /\tHTTP/1.1", "400 badTarget"},
    {"GET HTTP/1.1", "400 badRequestLine"},
    {"GET  HTTP/1.1", "400 badRequestLine"},
    {"GET / a HTTP/1.1", "400 badRequestLine"},
    {"/ HTTP/1.1", "400 noRequest"},
    {" GET / HTTP/1.1", "400 noRequest"},
    {"\tGET / HTTP/1.1", "400 noRequest"},
    {"G ET / HTTP/1.1", "400 badRequestLine"},
    {"GET: / HTTP/1.1", "400 badRequestLine"},
    {"GET, / HTTP/1.1", "400 badRequestLine"},
    {"GE(T / HTTP/1.1", "400 badRequestLine"},
    {"\"GET\" / HTTP/1.1", "400 noRequest"},
    {"{GET / HTTP/1.1", "400 noRequest"},
    {"\x16\x03\x01\x02", "400 noRequest"}, // TLS
    {"\x80GET / HTTP/1.1", "400 noRequest"},
    {"GET\x80 / HTTP/1.1", "400 badRequestLine"},
    // Control characters.
    {"GET\0 / HTTP/1.1"s, "400 badRequestLine"},
    {"\0GET / HTTP/1.1"s, "400 noRequest"},
    {"GET /\0 HTTP/1.1"s, "400 badTarget"},
    {"GET / HTTP/1.1\0"s, "400 badRequestLine"},
    {"GET /\x01 HTTP/1.1", "400 badTarget"},
    {"GET /\x1f HTTP/1.1", "400 badTarget"},
    {"GET /\x7f HTTP/1.1", "400 badTarget"},
    {"GET /\v HTTP/1.1", "400 badTarget"},
    {"GET /\f HTTP/1.1", "400 badTarget"},
    {"GET\v/ HTTP/1.1", "400 badRequestLine"},
    // CR that does not end the line (RFC 9112, 2.2).
    {"\rGET / HTTP/1.1", "400 badRequestLine"},
    {"GET\r / HTTP/1.1", "400 badRequestLine"},
    {"GET /\r HTTP/1.1", "400 badTarget"},
    {"GET / HTTP/1.1\r", "400 badRequestLine"},
    {"GET / HTTP/1.1\rX: y", "400 badRequestLine"},
    {"GET / HTTP/1.1\r ", "400 badRequestLine"},
    // What is no request at all.
    {"HTTP/1.1 200 OK", "400 badRequestLine"},
    {"SSH-2.0-OpenSSH_9.2", "400 badRequestLine"},
    {"EHLO example.org", "400 badRequestLine"},
};

TEST(RequestLineTest, Lines) {
  for (const Row &row : lines)
    EXPECT_EQ(outcome(row.in + "\r\nHost: h\r\n\r\n"), row.out) << row.in;
}

} // namespace
