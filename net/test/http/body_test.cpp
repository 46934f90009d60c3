/// body_test.cpp - bodies out of their framing, however their bytes arrive (RFC 9112, 6 and 7).
#include "http/body.h"
#include "support.h"

#include <gtest/gtest.h>

#include <string.h>

using namespace flux::http;

namespace {

Request chunkedRequest() {
  Request request;
  request.framing = Framing::chunked;
  return request;
}

Request fixedRequest(uint64_t length) {
  Request request;
  request.framing = length != 0 ? Framing::length : Framing::none;
  request.contentLength = length;
  return request;
}

/// What becomes of `raw`, given in pieces of `piece` bytes: "content" and, behind a bar, "more", a refusal, or how many
/// bytes were left behind the end.
std::string decoded(const Request &request, const std::string &raw, size_t piece, uint64_t most = 1000) {
  BodyDecoder decoder(request, most);
  std::string text;
  for (size_t at = 0;;) {
    const size_t size = std::min(piece, raw.size() - at);
    std::unique_ptr<char[]> bytes(new char[size]);
    memcpy(bytes.get(), raw.data() + at, size);
    std::string_view rest(bytes.get(), size), part;
    BodyDecoder::State state;
    while ((state = decoder.next(rest, part)) == BodyDecoder::content) {
      EXPECT_FALSE(part.empty());
      text += part;
    }
    at += size;
    if (state == BodyDecoder::end)
      return text + "|" + std::to_string(raw.size() - at + rest.size());
    if (state == BodyDecoder::refused)
      return text + "|" + std::to_string(statusOf(decoder.refusal())) + " " + nameOf(decoder.refusal());
    EXPECT_TRUE(rest.empty());
    if (at == raw.size())
      return text + "|more";
  }
}

const Row chunked[] = {
    {"0\r\n\r\n", "|0"},
    {"5\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\nGET", "hello world|3"},
    {"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789|0"},
    {"0005\r\nhello\r\n000\r\n\r\n", "hello|0"},
    {"2\r\n\r\n\r\n0\r\n\r\n", "\r\n|0"}, // content may be anything
    {"3\r\n\0\n\r\r\n0\r\n\r\n"s, "\0\n\r|0"s},
    {"5\r\nhello\r\n0\r\n", "hello|more"},
    {"5\r\nhello\r\n0", "hello|more"},
    {"5\r\nhello\r\n", "hello|more"},
    {"5\r\nhello", "hello|more"},
    {"5\r\nhel", "hel|more"},
    {"5\r\n", "|more"},
    {"5", "|more"},
    {"", "|more"},
    // Sizes are hexadecimal digits and nothing else.
    {"\r\n", "|400 badChunkSize"},
    {"\r\n0\r\n\r\n", "|400 badChunkSize"},
    {"x\r\n", "|400 badChunkSize"},
    {"g\r\n", "|400 badChunkSize"},
    {"0x5\r\nhello\r\n", "|400 badChunkSize"},
    {"+5\r\nhello\r\n", "|400 badChunkSize"},
    {"-5\r\nhello\r\n", "|400 badChunkSize"},
    {" 5\r\nhello\r\n", "|400 badChunkSize"},
    {"\t5\r\nhello\r\n", "|400 badChunkSize"},
    {"5 \r\nhello\r\n", "|400 badChunkSize"}, // blanks belong to an extension
    {"5\t\r\nhello\r\n", "|400 badChunkSize"},
    {"5 5\r\nhello\r\n", "|400 badChunkSize"},
    {"5_0\r\nhello\r\n", "|400 badChunkSize"},
    {"5,\r\nhello\r\n", "|400 badChunkSize"},
    {"5\0\r\nhello\r\n"s, "|400 badChunkSize"},
    {"\"5\"\r\nhello\r\n", "|400 badChunkSize"},
    {"\n", "|400 badChunkSize"},
    {";\r\n", "|400 badChunkSize"},
    {";a=b\r\n", "|400 badChunkSize"},
    // Lines end in CR LF.
    {"5\nhello\r\n", "|400 badChunkSize"},
    {"5\rhello\r\n", "|400 badChunkSize"},
    {"5\r\r\nhello\r\n", "|400 badChunkSize"},
    {"5;a\nhello\r\n", "|400 badChunkExtension"},
    {"5;a\rb\r\nhello\r\n", "|400 badChunkSize"},
    {"5\r\nhello\n0\r\n\r\n", "hello|400 badChunkEnd"},
    {"5\r\nhello\r0\r\n\r\n", "hello|400 badChunkEnd"},
    {"5\r\nhello0\r\n\r\n", "hello|400 badChunkEnd"},
    {"5\r\nhello!\r\n0\r\n\r\n", "hello|400 badChunkEnd"}, // more than the size says
    {"5\r\nhel\r\n0\r\n\r\n", "hel\r\n|400 badChunkEnd"},  // less
    {"5\r\nhello \r\n0\r\n\r\n", "hello|400 badChunkEnd"},
    {"0\n\r\n", "|400 badChunkSize"},
    {"0\r\n\n", "|400 badTrailer"},
    {"0\r\n\r\r\n", "|400 badTrailer"},
    {"0\r\n\rX", "|400 badTrailer"},
    // Extensions are read over (7.1.1).
    {"5;a\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5;a=b\r\nhello\r\n0;c=\"d;e\"\r\n\r\n", "hello|0"},
    {"5 ; a = b\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5\t;a\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5;;\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5;\x80\r\nhello\r\n0\r\n\r\n", "hello|0"},
    {"5;a\0\r\nhello\r\n"s, "|400 badChunkExtension"},
    {"5;\x01\r\nhello\r\n", "|400 badChunkExtension"},
    {"5;\x7f\r\nhello\r\n", "|400 badChunkExtension"},
    {"5 x;a\r\nhello\r\n", "|400 badChunkSize"},
    // Fields behind the last chunk are read over (7.1.2), but they have to be fields.
    {"0\r\nX: y\r\n\r\n", "|0"},
    {"0\r\nX:\r\nY: z \t\r\n\r\nGET", "|3"},
    {"0\r\nContent-Length: 5\r\n\r\nhello", "|5"}, // means nothing there
    {"0\r\nTransfer-Encoding: chunked\r\n\r\n", "|0"},
    {"0\r\nHost: x\r\n\r\n", "|0"},
    {"0\r\nX: \xc3\xa4\r\n\r\n", "|0"},
    {"0\r\nX: y\r\n", "|more"},
    {"0\r\nX y\r\n\r\n", "|400 badTrailer"},
    {"0\r\nX : y\r\n\r\n", "|400 badTrailer"},
    {"0\r\n: y\r\n\r\n", "|400 badTrailer"},
    {"0\r\n X: y\r\n\r\n", "|400 badTrailer"},
    {"0\r\nX: y\r\n z\r\n\r\n", "|400 badTrailer"},
    {"0\r\nX: y\n\r\n", "|400 badTrailer"},
    {"0\r\nX: y\rZ: a\r\n\r\n", "|400 badTrailer"},
    {"0\r\nX: \0\r\n\r\n"s, "|400 badTrailer"},
    {"0\r\nGET / HTTP/1.1\r\n\r\n", "|400 badTrailer"}, // the empty line is missing
    {"0\r\n\xff", "|400 badTrailer"},
    // How much.
    {"3e8\r\n", "|more"},
    {"3e9\r\n", "|413 longBody"},
    {"ffffffffffffffff\r\n", "|413 longBody"},
    {"10000000000000000\r\n", "|413 longBody"},
    {"10000000000000005\r\nhello\r\n", "|413 longBody"}, // not 5
    {"fffffffffffffffffffffffffff", "|413 longBody"},
    {"5\r\nhello\r\nfffffffffffffffb\r\n", "hello|413 longBody"}, // not 0 in all
};

TEST(BodyTest, Chunked) {
  for (const Row &row : chunked)
    for (size_t piece = 1; piece <= row.in.size() + 1; ++piece)
      EXPECT_EQ(decoded(chunkedRequest(), row.in, piece), row.out) << row.in << " by " << piece;
}

// Of all chunks together.
TEST(BodyTest, ContentLimit) {
  std::string raw;
  for (int i = 0; i < 10; ++i)
    raw += "a\r\n0123456789\r\n";
  const std::string content = decoded(chunkedRequest(), raw + "0\r\n\r\n", 7, 100);
  EXPECT_EQ(content.substr(100), "|0");
  EXPECT_EQ(decoded(chunkedRequest(), raw + "0\r\n\r\n", 7, 99).substr(90), "|413 longBody");
  EXPECT_EQ(decoded(chunkedRequest(), raw + "1\r\n", 7, 100).substr(100), "|413 longBody");
}

// What is read over has an end, in one piece or in many.
TEST(BodyTest, OtherLimits) {
  const std::string most(BodyDecoder::mostExtension - 1, 'x');
  EXPECT_EQ(decoded(chunkedRequest(), "5;" + most + "\r\nhello\r\n", 1), "hello|more");
  EXPECT_EQ(decoded(chunkedRequest(), "5;" + most + "x", 1), "|400 longChunkExtension");
  EXPECT_EQ(decoded(chunkedRequest(), "1;" + most + "\r\na\r\n1;\r\n", 100), "a|400 longChunkExtension");
  EXPECT_EQ(decoded(chunkedRequest(), std::string(BodyDecoder::mostExtension + 1, '0'), 3), "|400 longChunkExtension");
  std::string lines;
  while (lines.size() < BodyDecoder::mostTrailer)
    lines += "X: yy\r\n";
  EXPECT_EQ(decoded(chunkedRequest(), "0\r\n" + lines, 10), "|431 longTrailer");
  lines.resize(BodyDecoder::mostTrailer / 7 * 7 - 7);
  EXPECT_EQ(decoded(chunkedRequest(), "0\r\n" + lines + "\r\n", 10), "|0");
}

TEST(BodyTest, Length) {
  for (size_t piece = 1; piece < 10; ++piece) {
    EXPECT_EQ(decoded(fixedRequest(5), "hello", piece), "hello|0");
    EXPECT_EQ(decoded(fixedRequest(5), "helloGET", piece), "hello|3");
    EXPECT_EQ(decoded(fixedRequest(5), "hel", piece), "hel|more");
    EXPECT_EQ(decoded(fixedRequest(0), "GET", piece), "|" + std::to_string(3));
    EXPECT_EQ(decoded(fixedRequest(1001), "hello", piece), "|413 longBody");
    EXPECT_EQ(decoded(fixedRequest(INT64_MAX), "hello", piece, UINT64_MAX), "hello|more");
  }
}

TEST(BodyTest, Left) {
  BodyDecoder fixed(fixedRequest(5), 10);
  EXPECT_EQ(fixed.left(), 5u);
  std::string_view data = "he", piece;
  EXPECT_EQ(fixed.next(data, piece), BodyDecoder::content);
  EXPECT_EQ(fixed.left(), 3u);
  BodyDecoder chunks(chunkedRequest(), 10);
  data = "5";
  EXPECT_EQ(chunks.next(data, piece), BodyDecoder::more);
  EXPECT_EQ(chunks.left(), 0u);
  data = "\r\nh";
  EXPECT_EQ(chunks.next(data, piece), BodyDecoder::content);
  EXPECT_EQ(chunks.left(), 4u);
}

} // namespace
