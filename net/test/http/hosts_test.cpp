/// hosts_test.cpp - Host (RFC 9112, 3.2; RFC 9110, 7.2; RFC 3986, 3.2).
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

const std::string name63(63, 'a');

const Row values[] = {
    {"h", "GET / h 1.1"},
    {"H.Example", "GET / h.example 1.1"},
    {"h.example.", "GET / h.example. 1.1"},
    {"h:80", "GET / h:80 1.1"},
    {"h:", "GET / h 1.1"},
    {"h:0", "GET / h:0 1.1"},
    {"h:00080", "GET / h:80 1.1"},
    {"h:65535", "GET / h:65535 1.1"},
    {"127.0.0.1", "GET / 127.0.0.1 1.1"},
    {"127.0.0.1:8080", "GET / 127.0.0.1:8080 1.1"},
    {"999.999.999.999", "GET / 999.999.999.999 1.1"}, // a name by the grammar
    {"a_b-c~d", "GET / a_b-c~d 1.1"},
    {"xn--bcher-kva.example", "GET / xn--bcher-kva.example 1.1"},
    {"a!$&'()*+;=b", "GET / a!$&'()*+;=b 1.1"}, // sub-delims
    {"a%41", "GET / a%41 1.1"},
    {"[::1]", "GET / [::1] 1.1"},
    {"[::1]:80", "GET / [::1]:80 1.1"},
    {"[2001:DB8::1]", "GET / [2001:db8::1] 1.1"},
    {"[::ffff:1.2.3.4]:", "GET / [::ffff:1.2.3.4] 1.1"},
    {"", "GET /  1.1"}, // what a client sends whose target has no host (RFC 9110, 7.2)
    {" \t h \t ", "GET / h 1.1"},
    // User names (RFC 9110, 4.2.4) and other parts of URIs.
    {"user@x", "400 badHost"},
    {"user:password@x", "400 badHost"},
    {"@x", "400 badHost"},
    {"x@", "400 badHost"},
    {"http://x", "400 badHost"},
    {"x/", "400 badHost"},
    {"x/a", "400 badHost"},
    {"/", "400 badHost"},
    {"x?a", "400 badHost"},
    {"x#a", "400 badHost"},
    {"x\\a", "400 badHost"},
    // Blanks and lists.
    {"a b", "400 badHost"},
    {"a\tb", "400 badHost"},
    {"a :80", "400 badHost"},
    {"a: 80", "400 badHost"},
    {"a, b", "400 badHost"},
    {"a,b", "400 badHost"},
    {"a,", "400 badHost"},
    {",a", "400 badHost"},
    {",", "400 badHost"},
    {"a;b c", "400 badHost"},
    // Ports.
    {"x:abc", "400 badHost"},
    {"x:8a", "400 badHost"},
    {"x:-1", "400 badHost"},
    {"x:+1", "400 badHost"},
    {"x:65536", "400 badHost"},
    {"x:99999999999999999999", "400 badHost"},
    {"x:80:80", "400 badHost"},
    {"x::80", "400 badHost"},
    {"x:80,", "400 badHost"},
    {":", "400 badHost"},
    {":80", "400 badHost"}, // no host (RFC 9110, 4.2.1)
    // Addresses of IPv6.
    {"::1", "400 badHost"},
    {"[::1", "400 badHost"},
    {"::1]", "400 badHost"},
    {"[]", "400 badHost"},
    {"[", "400 badHost"},
    {"]", "400 badHost"},
    {"[]:80", "400 badHost"},
    {"[x]", "400 badHost"},
    {"[1.2.3.4]", "400 badHost"},
    {"[::1]x", "400 badHost"},
    {"[::1]80", "400 badHost"},
    {"[::1]:x", "400 badHost"},
    {"x[::1]", "400 badHost"},
    {"[[::1]]", "400 badHost"},
    {"[::1%eth0]", "400 badHost"},
    {"[::1%25eth0]", "400 badHost"},
    {"[:::1]", "400 badHost"},
    {"[1:2:3:4:5:6:7:8:9]", "400 badHost"},
    {"[::12345]", "400 badHost"},
    {"[v1.x]", "400 badHost"}, // no such version
    // Names that no DNS has, and that lead elsewhere where hosts have directories.
    {".", "400 badHost"},
    {"..", "400 badHost"},
    {".a", "400 badHost"},
    {"a..b", "400 badHost"},
    {"a..", "400 badHost"},
    {"../a", "400 badHost"},
    // Other characters.
    {"%", "400 badHost"},
    {"a%4", "400 badHost"},
    {"a%zz", "400 badHost"},
    {"\"x\"", "400 badHost"},
    {"<x>", "400 badHost"},
    {"{x}", "400 badHost"},
    {"x|y", "400 badHost"},
    {"x^y", "400 badHost"},
    {"x`y", "400 badHost"},
    {"b\xc3\xbc"
     "cher.example",
     "400 badHost"},
    {"x\x7f", "400 badFieldValue"},
    {"x\0"s, "400 badFieldValue"},
    {"x\ry", "400 badFieldValue"},
    {"x\r\n y", "400 foldedLine"},
};

TEST(HostsTest, Values) {
  for (const Row &row : values)
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: " + row.in + "\r\n\r\n"), row.out) << row.in;
}

// One that is there has to be valid in HTTP/1.0, too, and behind an absolute form.
TEST(HostsTest, ValuesThatDoNotCount) {
  for (const Row &row : values) {
    const bool good = row.out.compare(0, 3, "GET") == 0;
    EXPECT_EQ(outcome("GET http://y/ HTTP/1.1\r\nHost: " + row.in + "\r\n\r\n"), good ? "GET / y 1.1" : row.out);
    if (!good) {
      EXPECT_EQ(outcome("GET / HTTP/1.0\r\nHost: " + row.in + "\r\n\r\n"), row.out);
    }
  }
}

const Row heads[] = {
    {"GET / HTTP/1.1\r\n\r\n", "400 noHost"},
    {"GET / HTTP/1.9\r\n\r\n", "400 noHost"},
    {"GET http://x/ HTTP/1.1\r\n\r\n", "400 noHost"}, // RFC 9112, 3.2: even then
    {"GET / HTTP/1.0\r\n\r\n", "GET /  1.0 close"},
    {"GET http://x/ HTTP/1.0\r\n\r\n", "GET / x 1.0 close"},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400 severalHosts"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhOST: b\r\n\r\n", "400 severalHosts"},
    {"GET / HTTP/1.1\r\nHost:\r\nHost: b\r\n\r\n", "400 severalHosts"},
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400 severalHosts"},
    {"GET / HTTP/1.1\r\nhost:a\r\n\r\n", "GET / a 1.1"},
    {"GET / HTTP/1.1\r\nHOST:a\r\n\r\n", "GET / a 1.1"},
    {"GET / HTTP/1.1\r\nHosts: a\r\n\r\n", "400 noHost"},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400 badFieldName"},
};

TEST(HostsTest, HowMany) {
  for (const Row &row : heads)
    EXPECT_EQ(outcome(row.in), row.out) << row.in;
}

TEST(HostsTest, Length) {
  const std::string longest = name63 + "." + name63 + "." + name63 + "." + name63;
  EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: " + longest + ":80\r\n\r\n"), "GET / " + longest + ":80 1.1");
  EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: " + longest + ".\r\n\r\n"), "400 badHost");
  EXPECT_EQ(outcome("GET http://" + longest + "./ HTTP/1.1\r\nHost: a\r\n\r\n"), "400 badAuthority");
}

} // namespace
