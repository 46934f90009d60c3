/// reply_test.cpp - heads of answers (RFC 9112, 4 and 5; RFC 9110, 15).
#include "http/body.h"
#include "http/date.h"
#include "http/reply.h"
#include "http/status.h"
#include "support.h"

#include <gtest/gtest.h>

#include <functional>

using namespace flux::http;

namespace {

/// The head that `write` writes, without its Date; "" where finish() refuses it.
std::string written(const std::function<void(ReplyHead &)> &write, size_t room = 1000) {
  std::unique_ptr<char[]> buffer(new char[room]);
  ReplyHead head(buffer.get(), room);
  write(head);
  std::string text(buffer.get(), head.finish());
  if (const size_t at = text.find("Date: "); at != std::string::npos) {
    EXPECT_NE(parseDate(text.substr(at + 6, dateLength), currentTime()), noDate) << text;
    text.erase(at, 6 + dateLength + 2);
  }
  return text;
}

TEST(ReplyTest, FirstLinesAndConnection) {
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(200, 1, true); }), "HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(404, 1, false); }),
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(200, 0, true); }),
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(200, 0, false); }),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  // A status without a phrase still has the space before it (RFC 9112, 4).
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(299, 1, true); }), "HTTP/1.1 299 \r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(100, 1, true); }), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(99, 1, true); }), "");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(600, 1, true); }), "");
  EXPECT_EQ(written([](ReplyHead &head) { head.begin(-1, 1, true); }), "");
}

TEST(ReplyTest, Fields) {
  EXPECT_EQ(written([](ReplyHead &head) {
              head.begin(200, 1, true);
              head.field("Content-Type", "text/plain");
              head.field("X-Number", UINT64_MAX);
              head.field("Empty", "");
              head.field("Text", "a\tb \xc3\xa4");
              head.lines("A: b\r\nC: d\r\n");
              head.length(0);
            }),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Number: 18446744073709551615\r\nEmpty: \r\nText: a\tb "
            "\xc3\xa4\r\nA: b\r\nC: d\r\nContent-Length: 0\r\n\r\n");
}

// What would become another field, or the end of the head, is not written.
TEST(ReplyTest, RefusedFields) {
  for (const std::string &value :
       {"a\r\nSet-Cookie: b"s, "a\nb"s, "a\rb"s, "a\0b"s, "\r\n\r\n"s, "a\x7f"s, "12345678\x01"s, "\x1b[1m"s})
    EXPECT_EQ(written([&](ReplyHead &head) {
                head.begin(200, 1, true);
                head.field("Location", value);
              }),
              "")
        << value;
  for (const std::string &name : {""s, "a b"s, "a:"s, "a\r\nb"s, "a\0"s, "\xc3\xa4"s, "a\t"s}) {
    EXPECT_EQ(written([&](ReplyHead &head) { head.field(name, "x"); }), "") << name;
    EXPECT_EQ(written([&](ReplyHead &head) { head.field(name, 1u); }), "") << name;
  }
}

// A refusal is not forgotten by what comes behind it.
TEST(ReplyTest, RefusalsStay) {
  EXPECT_EQ(written([](ReplyHead &head) {
              head.begin(200, 1, true);
              head.field("X", "\n");
              head.field("Y", "z");
              head.length(5);
            }),
            "");
}

TEST(ReplyTest, Bodies) {
  for (int status : {200, 206, 404, 416, 500}) {
    EXPECT_NE(written([&](ReplyHead &head) {
                head.begin(status, 1, true);
                head.length(5);
              }).find("Content-Length: 5\r\n"),
              std::string::npos);
    EXPECT_NE(written([&](ReplyHead &head) {
                head.begin(status, 1, true);
                EXPECT_TRUE(head.chunked());
              }).find("Transfer-Encoding: chunked\r\n"),
              std::string::npos);
  }
  for (int status : {100, 101, 204, 304})
    EXPECT_EQ(written([&](ReplyHead &head) {
                head.begin(status, 1, true);
                head.length(5);
                EXPECT_FALSE(head.chunked());
              }),
              "HTTP/1.1 " + std::to_string(status) + " " + std::string(reasonOf(status)) + "\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) {
              head.begin(200, 0, false);
              EXPECT_FALSE(head.chunked());
            }),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST(ReplyTest, ContentRange) {
  EXPECT_EQ(written([](ReplyHead &head) { head.contentRange(2, 3, 10); }), "Content-Range: bytes 2-4/10\r\n\r\n");
  EXPECT_EQ(written([](ReplyHead &head) { head.contentRange(0, 0, 10); }), "Content-Range: bytes */10\r\n\r\n");
}

// With less room than it needs nothing is written beyond it, and the head is no head.
TEST(ReplyTest, LittleRoom) {
  auto write = [](ReplyHead &head) {
    head.begin(200, 1, false);
    head.field("X", "y");
    head.field("Y", 12u);
    head.length(5);
  };
  std::unique_ptr<char[]> whole(new char[1000]);
  ReplyHead head(whole.get(), 1000);
  write(head);
  const size_t size = head.finish();
  EXPECT_GT(size, 0u);
  for (size_t room = 0; room < size; ++room)
    EXPECT_EQ(written(write, room), "") << room;
  EXPECT_NE(written(write, size), "");
}

TEST(ReplyTest, Reasons) {
  for (int status : {400, 404, 413, 414, 417, 431, 501, 505})
    EXPECT_FALSE(reasonOf(status).empty()) << status;
  EXPECT_EQ(reasonOf(416), "Range Not Satisfiable");
  EXPECT_EQ(reasonOf(299), "");
}

// What is written in chunks is read again.
TEST(ReplyTest, Chunks) {
  const std::pair<uint64_t, const char *> heads[] = {
      {1, "1\r\n"}, {15, "f\r\n"}, {16, "10\r\n"}, {0xabcde, "abcde\r\n"}, {UINT64_MAX, "ffffffffffffffff\r\n"}};
  for (const auto &[bytes, text] : heads) {
    char out[longestChunkHead];
    EXPECT_EQ(std::string(out, writeChunkHead(bytes, out)), text);
  }
  Request request;
  request.framing = Framing::chunked;
  BodyDecoder decoder(request, 1000);
  char out[longestChunkHead];
  std::string raw(out, writeChunkHead(300, out));
  raw += std::string(300, 'x') + "\r\n" + std::string(lastChunk);
  std::string_view rest = raw, piece;
  EXPECT_EQ(decoder.next(rest, piece), BodyDecoder::content);
  EXPECT_EQ(piece.size(), 300u);
  EXPECT_EQ(decoder.next(rest, piece), BodyDecoder::end);
  EXPECT_TRUE(rest.empty());
}

} // namespace
