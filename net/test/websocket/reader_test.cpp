/// reader_test.cpp - messages in frames. What each rule is answered by, net/test/Inputs/websocket_frames.py has; here
/// is what holds for all frames.
#include "frames.h"

#include <gtest/gtest.h>

using namespace flux::websocket;

namespace {

/// The examples of RFC 6455, 5.7.
TEST(ReaderTest, Examples) {
  using namespace std::string_literals;
  const auto all = [] { return SIZE_MAX; };
  EXPECT_EQ(readAll("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", all), "1 Hello\n");
  EXPECT_EQ(readAll("\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", all), "ping Hello\n");
  EXPECT_EQ(readAll("\x81\x05Hello", all), "close 1002"); // it is masked
}

/// How the bytes were split does not matter.
TEST(ReaderTest, Pieces) {
  Frames frames(6455);
  for (int i = 0; i < 4000; ++i) {
    const std::string bytes = frames.next();
    const std::string whole = readAll(bytes, [] { return SIZE_MAX; });
    ASSERT_EQ(readAll(bytes, [] { return 1; }), whole) << testing::PrintToString(bytes);
    ASSERT_EQ(readAll(bytes, [&] { return 1 + frames.upTo(40); }), whole) << testing::PrintToString(bytes);
  }
}

/// Heads of what is sent, at the limits of their lengths.
TEST(ReaderTest, Heads) {
  using namespace std::string_literals;
  const auto head = [](Opcode opcode, uint64_t length) {
    char bytes[kMostHead];
    return std::string(bytes, writeFrameHead(opcode, length, bytes));
  };
  EXPECT_EQ(head(Opcode::Text, 0), "\x81\x00"s);
  EXPECT_EQ(head(Opcode::Pong, 125), "\x8a\x7d"s);
  EXPECT_EQ(head(Opcode::Binary, 126), "\x82\x7e\x00\x7e"s);
  EXPECT_EQ(head(Opcode::Binary, 65535), "\x82\x7e\xff\xff"s);
  EXPECT_EQ(head(Opcode::Binary, 65536), "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

} // namespace
