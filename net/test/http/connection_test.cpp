/// connection_test.cpp - whether the connection lives on (RFC 9112, 9.3 and 9.6).
#include "support.h"

#include <gtest/gtest.h>

namespace {

struct Case {
  std::string fields;
  bool http11, http10; ///< lives on
};

const Case cases[] = {
    {"", true, false},
    {"Connection: close\r\n", false, false},
    {"connection:CLOSE\r\n", false, false},
    {"Connection: Close\r\n", false, false},
    {"Connection: close\t\r\n", false, false},
    {"Connection: \tclose \t\r\n", false, false},
    {"Connection: keep-alive\r\n", true, true},
    {"Connection: Keep-Alive\t\r\n", true, true},
    {"Connection: keep-alive, close\r\n", false, false}, // close wins
    {"Connection: close, keep-alive\r\n", false, false},
    {"Connection: close\r\nConnection: keep-alive\r\n", false, false},
    {"Connection: keep-alive\r\nX: y\r\nConnection: close\r\n", false, false},
    {"Connection: x,close\r\n", false, false},
    {"Connection: ,, close ,\r\n", false, false},
    {"Connection: x ,\tclose\r\n", false, false},
    {"Connection: upgrade, keep-alive\r\n", true, true},
    {"Connection:\r\n", true, false},
    {"Connection: ,\r\n", true, false},
    {"Connection: x\r\n", true, false},
    {"Connection: closed\r\n", true, false},
    {"Connection: disclose\r\n", true, false},
    {"Connection: close x\r\n", true, false}, // no token
    {"Connection: \"close\"\r\n", true, false},
    {"Connection: close;q=1\r\n", true, false},
    {"Connection: keepalive\r\n", true, false},
    {"Connection: \"a, close\r\n", true, false},  // a string that is not closed
    {"Proxy-Connection: close\r\n", true, false}, // nobody defines it
    {"Keep-Alive: timeout=5\r\n", true, false},
};

TEST(ConnectionTest, LivesOn) {
  for (const Case &each : cases) {
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: h\r\n" + each.fields + "\r\n"),
              each.http11 ? "GET / h 1.1" : "GET / h 1.1 close")
        << each.fields;
    EXPECT_EQ(outcome("GET / HTTP/1.0\r\nHost: h\r\n" + each.fields + "\r\n"),
              each.http10 ? "GET / h 1.0" : "GET / h 1.0 close")
        << each.fields;
  }
}

// Of a later minor version what holds is what holds of 1.1.
TEST(ConnectionTest, LaterVersions) {
  EXPECT_EQ(outcome("GET / HTTP/1.7\r\nHost: h\r\n\r\n"), "GET / h 1.1");
  EXPECT_EQ(outcome("GET / HTTP/1.7\r\nHost: h\r\nConnection: close\r\n\r\n"), "GET / h 1.1 close");
}

} // namespace
