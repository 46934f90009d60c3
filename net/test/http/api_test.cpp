/// api_test.cpp - the functions of flux/http.h.
#include "flux/http.h"
#include "support.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <utility>

using namespace flux::http;

namespace {

TEST(HttpApiTest, Texts) {
  ParsedHead head("GET /a%20b/../c?d=%20 HTTP/1.1\r\nHost: Example:80\r\nX: y \r\nx: z\r\nEmpty:\r\n\r\n");
  ASSERT_EQ(head.refusal, Refusal::none);
  const flux_http_request *request = &head.request;
  size_t length = 0;
  EXPECT_STREQ(flux_http_method(request), "GET");
  EXPECT_STREQ(flux_http_target(request), "/a%20b/../c?d=%20");
  EXPECT_STREQ(flux_http_path(request, &length), "/c");
  EXPECT_EQ(length, 2u);
  EXPECT_STREQ(flux_http_query(request, &length), "d=%20");
  EXPECT_EQ(length, 5u);
  EXPECT_STREQ(flux_http_host(request, &length), "example");
  EXPECT_EQ(length, 7u);
  EXPECT_STREQ(flux_http_field(request, "X", &length), "y");
  EXPECT_EQ(length, 1u);
  EXPECT_STREQ(flux_http_field(request, "host", nullptr), "Example:80");
  EXPECT_STREQ(flux_http_field(request, "empty", &length), "");
  EXPECT_EQ(length, 0u);
  EXPECT_EQ(flux_http_field(request, "Z", &length), nullptr);
}

TEST(HttpApiTest, TextsThatAreNotThere) {
  ParsedHead head("OPTIONS * HTTP/1.0\r\n\r\n");
  size_t length = 9;
  EXPECT_STREQ(flux_http_path(&head.request, nullptr), "*");
  EXPECT_EQ(flux_http_query(&head.request, nullptr), nullptr);
  EXPECT_STREQ(flux_http_host(&head.request, &length), "");
  EXPECT_EQ(length, 0u);
  ParsedHead connect("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_STREQ(flux_http_path(&connect.request, nullptr), "");
  EXPECT_STREQ(flux_http_host(&connect.request, nullptr), "h");
  ParsedHead empty("GET /? HTTP/1.0\r\n\r\n");
  EXPECT_STREQ(flux_http_query(&empty.request, nullptr), "");
}

TEST(HttpApiTest, Lists) {
  ParsedHead head("GET / HTTP/1.0\r\nA: gzip;q=0, br ; q=0.5\r\nA: deflate;q=0.000, x;a=\"b,y\", z;q=0.01;b\r\n\r\n");
  const std::pair<const char *, bool> words[] = {{"gzip", false}, {"br", true}, {"BR", true},
                                                 {"x", true},     {"y", false}, {"deflate", false},
                                                 {"z", true},     {"b", false}, {"", false}};
  for (const auto &[word, expected] : words)
    EXPECT_EQ(flux_http_lists(&head.request, "a", word), expected) << word;
  EXPECT_FALSE(flux_http_lists(&head.request, "B", "gzip"));
}

TEST(HttpApiTest, Weights) {
  ParsedHead head(
      "GET / HTTP/1.0\r\nA: a, b;q=0, c;q=0.5, d ; Q=0.25, e;x=1;q=0.125;y\r\nA: f;q=1.000, g;q=0.12, h;q=0.001\r\n"
      "A: i;q=, j;q=x, k;q=0., l;q=00.5, a;q=0.1, *;q=0.1\r\n\r\n");
  const std::pair<const char *, int> weights[] = {
      {"a", 1000}, {"b", 0}, {"c", 500},  {"d", 250}, {"e", 125}, {"f", 1000},
      {"g", 120},  {"h", 1}, {"i", 1000}, // what is no weight is none
      {"j", 1000}, {"k", 0}, {"l", 1000}, {"*", 100}, {"x", -1},  {"", -1}};
  for (const auto &[word, expected] : weights)
    EXPECT_EQ(flux_http_weight(&head.request, "a", word), expected) << word;
}

TEST(HttpApiTest, Select) {
  const flux_http_document document = {"\"a\"", 1000000000, 10};
  const std::tuple<const char *, int, uint64_t, uint64_t> cases[] = {
      {"X: y", 200, 0, 10},
      {"Range: bytes=2-4", 206, 2, 3},
      {"Range: bytes=10-", 416, 0, 0},
      {"If-None-Match: \"a\"", 304, 0, 0},
      {"If-Match: \"b\"", 412, 0, 0},
      {"If-Match: \"a\"\r\nRange: bytes=0-0", 206, 0, 1},
      {"If-None-Match: \"a\"\r\nRange: bytes=0-0", 304, 0, 0}, // conditions come first
      {"If-Match: \"b\"\r\nRange: bytes=10-", 412, 0, 0},
  };
  for (const auto &[fields, status, first, length] : cases) {
    ParsedHead head("GET / HTTP/1.0\r\n" + std::string(fields) + "\r\n\r\n");
    uint64_t from = 77, bytes = 77;
    EXPECT_EQ(flux_http_select(&head.request, &document, &from, &bytes), status) << fields;
    EXPECT_EQ(from, first) << fields;
    EXPECT_EQ(bytes, length) << fields;
  }
  const flux_http_document unknown = {nullptr, INT64_MIN, 5};
  ParsedHead head("GET / HTTP/1.0\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
  uint64_t from = 77, bytes = 77;
  EXPECT_EQ(flux_http_select(&head.request, &unknown, &from, &bytes), 200);
  EXPECT_EQ(bytes, 5u);
}

TEST(HttpApiTest, DatesAndTypes) {
  char text[FLUX_HTTP_DATE_SIZE];
  EXPECT_STREQ(flux_http_date(784111777, text), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_STREQ(flux_http_media_type("/x.html"), "text/html; charset=utf-8");
}

// Each refusal has a status and a reason.
TEST(HttpApiTest, Refusals) {
  EXPECT_EQ(statusOf(Refusal::none), 0);
  EXPECT_EQ(statusOf(Refusal::longTarget), 414);
  EXPECT_STREQ(textOf(Refusal::none), "");
  EXPECT_STREQ(textOf(Refusal::noHost), "there is no Host");
  for (int i = 1; i <= static_cast<int>(Refusal::longTrailer); ++i) {
    EXPECT_GE(statusOf(static_cast<Refusal>(i)), 400);
    EXPECT_STRNE(textOf(static_cast<Refusal>(i)), "");
  }
}

// What a server has no method or no file for is refused in the words of HTTP.
TEST(HttpApiTest, StatusOfRefusals) {
  for (const char *method : {"GET", "POST", "PATCH", "CONNECT"})
    EXPECT_EQ(flux_http_refuse_method(method), 405) << method;
  for (const char *method : {"", "get", "BREW"})
    EXPECT_EQ(flux_http_refuse_method(method), 501) << method;
  for (const auto &[error, status] : {std::pair(ENOENT, 404),
                                      {ENOTDIR, 404},
                                      {ENAMETOOLONG, 404},
                                      {EINVAL, 404},
                                      {EACCES, 403},
                                      {EXDEV, 403},
                                      {EMFILE, 503},
                                      {ENOMEM, 503},
                                      {EIO, 500}})
    EXPECT_EQ(flux_http_refuse_file(error), status) << error;
}

} // namespace
