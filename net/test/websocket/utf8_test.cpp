/// utf8_test.cpp - what is UTF-8, against the definition, over all code points and many strings of three bytes.
#include "websocket/utf8.h"

#include <gtest/gtest.h>
#include <string>

using flux::websocket::Utf8;

namespace {

/// A number in as many bytes as UTF-8 gives a length to, whether it may be or not.
std::string encoded(uint32_t number, int bytes) {
  if (bytes == 1)
    return {static_cast<char>(number)};
  std::string text;
  for (int i = 1; i < bytes; ++i, number >>= 6)
    text.insert(text.begin(), static_cast<char>(0x80 | (number & 0x3f)));
  text.insert(text.begin(), static_cast<char>((0xf00 >> bytes & 0xff) | number));
  return text;
}

bool isValid(const std::string &text) {
  Utf8 checked;
  return checked.take(text.data(), text.size()) && checked.isWhole();
}

/// The same in single bytes.
bool isValidInBytes(const std::string &text) {
  Utf8 checked;
  for (const char byte : text)
    if (!checked.take(&byte, 1))
      return false;
  return checked.isWhole();
}

/// Every number, in every length that has room for it: valid in the shortest one alone, and if it is a character.
TEST(Utf8Test, CodePoints) {
  for (uint32_t number = 0; number < 0x120000; ++number) {
    const int shortest = number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
    for (int bytes = shortest; bytes <= 4; ++bytes) {
      const bool isCharacter = number < 0x110000 && (number < 0xd800 || number > 0xdfff);
      ASSERT_EQ(isValid(encoded(number, bytes)), isCharacter && bytes == shortest) << number << " in " << bytes;
    }
  }
}

/// Strings of three bytes have the same verdict however they are cut, and in front of other text.
TEST(Utf8Test, Pieces) {
  for (uint32_t number = 0; number < 1 << 24; number += 61) {
    const std::string text = {static_cast<char>(number >> 16), static_cast<char>(number >> 8),
                              static_cast<char>(number)};
    const bool valid = isValid(text);
    ASSERT_EQ(isValidInBytes(text), valid) << testing::PrintToString(text);
    ASSERT_EQ(isValid("12345678" + text + "12345678"), valid) << testing::PrintToString(text);
  }
}

/// A character that has begun is not whole.
TEST(Utf8Test, Unfinished) {
  for (const std::string text : {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "abcdefgh\xe2"}) {
    Utf8 checked;
    EXPECT_TRUE(checked.take(text.data(), text.size()));
    EXPECT_FALSE(checked.isWhole());
  }
}

} // namespace
