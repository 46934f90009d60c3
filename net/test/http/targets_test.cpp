/// targets_test.cpp - the forms of a target (RFC 9112, 3.2), and the path that it names (RFC 3986, 3.3 and 5.2.4).
#include "http/path.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

const Row gets[] = {
    // The origin form.
    {"/", "GET / h 1.1"},
    {"/a", "GET /a h 1.1"},
    {"/a/b.c", "GET /a/b.c h 1.1"},
    {"/a/", "GET /a/ h 1.1"},
    {"/?", "GET /? h 1.1"},
    {"/a?b", "GET /a?b h 1.1"},
    {"/a?b=c&d=%20", "GET /a?b=c&d=%20 h 1.1"}, // a query stays as it is
    {"/a?b?c/../d", "GET /a?b?c/../d h 1.1"},
    {"/?%zz", "GET /?%zz h 1.1"},
    {"/?%00", "GET /?%00 h 1.1"},
    {"/a;b=c,d@e:f!$&'()*+", "GET /a;b=c,d@e:f!$&'()*+ h 1.1"},
    {"/~a-b_c.d", "GET /~a-b_c.d h 1.1"},
    {"/http://x/", "GET /http:/x/ h 1.1"},
    // Printing ASCII that RFC 3986 does not have in paths, but browsers send.
    {"/a|b", "GET /a|b h 1.1"},
    {"/a\"b", "GET /a\"b h 1.1"},
    {"/<a>", "GET /<a> h 1.1"},
    {"/[a]", "GET /[a] h 1.1"},
    {"/{a}^`b", "GET /{a}^`b h 1.1"},
    {"/a\\b", "GET /a\\b h 1.1"}, // no separator
    {"/..\\..\\a", "GET /..\\..\\a h 1.1"},
    {"/?{\"a\":[1|2]}", "GET /?{\"a\":[1|2]} h 1.1"},
    {"/a#b", "400 badTarget"}, // a fragment is not sent
    {"/#", "400 badTarget"},
    {"/?a#b", "400 badTarget"},
    {"/\xc3\xa4", "400 badTarget"}, // has to be encoded
    {"/\x80", "400 badTarget"},
    {"/?\xff", "400 badTarget"},
    // Percent-encoding.
    {"/%61", "GET /a h 1.1"},
    {"/a%20b", "GET /a b h 1.1"},
    {"/%c3%A4", "GET /\xc3\xa4 h 1.1"},
    {"/%3F", "GET /? h 1.1"}, // part of the path, not the beginning of a query
    {"/%3Fa?b", "GET /?a?b h 1.1"},
    {"/%23", "GET /# h 1.1"},
    {"/%25", "GET /% h 1.1"},
    {"/%2561", "GET /%61 h 1.1"}, // decoded once
    {"/%252e%252e/", "GET /%2e%2e/ h 1.1"},
    {"/%0d%0a", "GET /\r\n h 1.1"}, // who writes it anywhere encodes it
    {"/%7f%01", "GET /\x7f\x01 h 1.1"},
    {"/%5c", "GET /\\ h 1.1"},
    {"/%", "400 badEscape"},
    {"/%4", "400 badEscape"},
    {"/%zz", "400 badEscape"},
    {"/%4z", "400 badEscape"},
    {"/%z4", "400 badEscape"},
    {"/%%41", "400 badEscape"},
    {"/% 41", "400 badRequestLine"},
    {"/%u0041", "400 badEscape"},
    {"/a%", "400 badEscape"},
    {"/a%?41", "400 badEscape"},
    {"/a%4/1", "400 badEscape"},
    {"/%00", "400 badEscape"},
    {"/a%00.txt", "400 badEscape"},
    {"/%2f", "404 escapedSlash"},
    {"/a%2Fb", "404 escapedSlash"},
    {"/..%2fetc", "404 escapedSlash"},
    {"/%2e%2e%2fetc", "404 escapedSlash"},
    // Dot segments and empty ones.
    {"/.", "GET / h 1.1"},
    {"/./", "GET / h 1.1"},
    {"/./a", "GET /a h 1.1"},
    {"/a/.", "GET /a/ h 1.1"},
    {"/a/..", "GET / h 1.1"},
    {"/a/../", "GET / h 1.1"},
    {"/a/../b", "GET /b h 1.1"},
    {"/a/b/../c", "GET /a/c h 1.1"},
    {"/a/b/c/../../d/", "GET /a/d/ h 1.1"},
    {"/a/./b/./c", "GET /a/b/c h 1.1"},
    {"/%2e/a", "GET /a h 1.1"},
    {"/a/%2e%2e/b", "GET /b h 1.1"},
    {"/a/.%2E/b", "GET /b h 1.1"},
    {"/...", "GET /... h 1.1"},
    {"/..a", "GET /..a h 1.1"},
    {"/a..", "GET /a.. h 1.1"},
    {"/.a", "GET /.a h 1.1"},
    {"//", "GET / h 1.1"},
    {"//a", "GET /a h 1.1"}, // would be another host in a Location
    {"///a//b//", "GET /a/b/ h 1.1"},
    {"/a//../b", "GET /b h 1.1"},
    {"/a/..//b", "GET /b h 1.1"},
    {"/..", "400 aboveRoot"},
    {"/../", "400 aboveRoot"},
    {"/../a", "400 aboveRoot"},
    {"//..", "400 aboveRoot"},
    {"/./..", "400 aboveRoot"},
    {"/a/../..", "400 aboveRoot"},
    {"/a/../../a", "400 aboveRoot"},
    {"/%2e%2e/etc/passwd", "400 aboveRoot"},
    {"/%2E./etc/passwd", "400 aboveRoot"},
    // The absolute form. Its host counts, and Host does not (RFC 9112, 3.2.2).
    {"http://x/", "GET / x 1.1"},
    {"http://x", "GET / x 1.1"},
    {"http://x?a", "GET /?a x 1.1"},
    {"http://x/a?b", "GET /a?b x 1.1"},
    {"http://X.Example:8080/a", "GET /a x.example:8080 1.1"},
    {"HTTP://x/", "GET / x 1.1"}, // schemes have no case
    {"https://x/", "GET / x 1.1"},
    {"http://x:/", "GET / x 1.1"}, // an empty port is the default
    {"http://x:080/", "GET / x:80 1.1"},
    {"http://[::1]:80/", "GET / [::1]:80 1.1"},
    {"http://x//a", "GET /a x 1.1"},
    {"http://x/../a", "400 aboveRoot"},
    {"http:///a", "400 badAuthority"}, // RFC 9110, 4.2.1
    {"http://", "400 badAuthority"},
    {"http://?a", "400 badAuthority"},
    {"http://:80/", "400 badAuthority"},
    {"http://x:abc/", "400 badAuthority"},
    {"http://x:99999/", "400 badAuthority"},
    {"http://u@x/", "400 badAuthority"}, // RFC 9110, 4.2.4
    {"http://u:p@x/", "400 badAuthority"},
    {"http://[::1/", "400 badAuthority"},
    {"http://a,b/", "400 badAuthority"},
    {"http://a\\b/", "400 badAuthority"},
    {"http://../a", "400 badAuthority"},
    {"http:/a", "400 wrongForm"},
    {"http:a", "400 wrongForm"},
    {"ftp://x/", "400 wrongForm"},
    {"file:///etc/passwd", "400 wrongForm"},
    {"urn:x", "400 wrongForm"},
    {"://x/", "400 wrongForm"},
    // Neither.
    {"a", "400 wrongForm"},
    {"a/b", "400 wrongForm"},
    {"..", "400 wrongForm"},
    {"?a", "400 wrongForm"},
    {"x:80", "400 wrongForm"}, // of CONNECT only
    {"*", "400 wrongForm"},    // of OPTIONS only
    {"**", "400 wrongForm"},
    {"%2f", "400 wrongForm"},
};

TEST(TargetsTest, OfGet) {
  for (const Row &row : gets)
    EXPECT_EQ(outcome("GET " + row.in + " HTTP/1.1\r\nHost: h\r\n\r\n"), row.out) << row.in;
}

const Row others[] = {
    {"OPTIONS *", "OPTIONS * h 1.1"},
    {"OPTIONS /", "OPTIONS / h 1.1"},
    {"OPTIONS http://x", "OPTIONS / x 1.1"},
    {"OPTIONS *a", "400 wrongForm"},
    {"options *", "400 wrongForm"}, // another method
    {"CONNECT x:443", "CONNECT  x:443 1.1"},
    {"CONNECT [::1]:443", "CONNECT  [::1]:443 1.1"},
    {"CONNECT x", "400 badAuthority"}, // RFC 9110, 9.3.6: there is no default port
    {"CONNECT x:", "400 badAuthority"},
    {"CONNECT :443", "400 badAuthority"},
    {"CONNECT /", "400 badAuthority"},
    {"CONNECT *", "400 badAuthority"},
    {"CONNECT http://x/", "400 badAuthority"},
    {"CONNECT u@x:443", "400 badAuthority"},
    {"POST *", "400 wrongForm"},
};

TEST(TargetsTest, OfOtherMethods) {
  for (const Row &row : others)
    EXPECT_EQ(outcome(row.in + " HTTP/1.1\r\nHost: h\r\n\r\n"), row.out) << row.in;
}

// A refused path leaves the connection usable only where the head was understood, and the answer is that of a missing
// file.
TEST(TargetsTest, KeepAliveAfterRefusal) {
  EXPECT_TRUE(ParsedHead("GET /%2f HTTP/1.1\r\nHost: h\r\n\r\n").request.keepAlive);
  EXPECT_FALSE(ParsedHead("GET /%2f HTTP/1.0\r\n\r\n").request.keepAlive);
  EXPECT_FALSE(ParsedHead("GET /% HTTP/1.1\r\nHost: h\r\n\r\n").request.keepAlive);
}

// Decoding a path that is encoded gives the same path, whatever bytes it has.
TEST(TargetsTest, EncodedPaths) {
  std::string path = "/a b/";
  for (int c = 1; c < 256; ++c)
    path += static_cast<char>(c);
  std::string encoded(encodePath(path, nullptr, 0), ' ');
  EXPECT_EQ(encodePath(path, encoded.data(), encoded.size()), encoded.size());
  for (char c : encoded)
    EXPECT_TRUE(c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '"' && c != '<') << c;
  std::string decoded(encoded.size() + 1, ' ');
  size_t length = 0;
  EXPECT_EQ(decodePath(encoded, decoded.data(), length), Refusal::none);
  EXPECT_EQ(decoded.substr(0, length), path);
}

// What does not fit is counted; a character is never written in part.
TEST(TargetsTest, EncodingIntoTooLittle) {
  char out[4] = {'.', '.', '.', '.'};
  EXPECT_EQ(encodePath("/a b", out, 3), 6u);
  EXPECT_EQ(std::string(out, 4), "/a..");
}

} // namespace
