/// fields_test.cpp - lines of fields (RFC 9112, 5; RFC 9110, 5).
#include "http/characters.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

/// The fields of a head with `lines` behind Host, as "name=value|name=value", or why it is refused.
std::string fieldsOf(const std::string &lines) {
  ParsedHead head("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n");
  if (head.refusal != Refusal::none)
    return std::to_string(statusOf(head.refusal)) + " " + nameOf(head.refusal);
  std::string text;
  for (unsigned i = 1; i < head.request.fieldCount; ++i) {
    text.append(i == 1 ? "" : "|").append(head.request.name(i)).append("=").append(head.request.value(i));
    // Who asks from C finds the end by a zero.
    EXPECT_EQ(std::string(head.request.name(i).data()), head.request.name(i));
    EXPECT_EQ(std::string(head.request.value(i).data()), head.request.value(i));
  }
  return text;
}

const Row lines[] = {
    {"", ""},
    {"X: y\r\n", "X=y"},
    {"X:y\r\n", "X=y"},
    {"X:\r\n", "X="},
    {"X: \r\n", "X="},
    {"X: \t \r\n", "X="},
    {"x: y\r\nX: z\r\n", "x=y|X=z"}, // in their order, each of its own
    {"X: y: z\r\n", "X=y: z"},
    {"X::\r\n", "X=:"},
    {"X: a b\tc\r\n", "X=a b\tc"},
    {"X: \"a\\\"b\"\r\n", "X=\"a\\\"b\""},
    {"X: \x80\xff\xc3\xa4\r\n", "X=\x80\xff\xc3\xa4"}, // obs-text
    {"!#$%&'*+-.^_`|~09azAZ: y\r\n", "!#$%&'*+-.^_`|~09azAZ=y"},
    {"1: 2\r\n", "1=2"},
    // Blanks around a value are no part of it.
    {"X:   y\r\n", "X=y"},
    {"X:\ty\r\n", "X=y"},
    {"X: y   \r\n", "X=y"},
    {"X: y\t\r\n", "X=y"},
    {"X: \t y \t \r\n", "X=y"},
    // Names: a token, and the colon right behind it (RFC 9112, 5.1).
    {"X : y\r\n", "400 badFieldName"},
    {"X\t: y\r\n", "400 badFieldName"},
    {"X Y: z\r\n", "400 badFieldName"},
    {": y\r\n", "400 badFieldName"},
    {":\r\n", "400 badFieldName"},
    {"X\r\n", "400 badFieldName"},
    {"X y\r\n", "400 badFieldName"},
    {"X=y\r\n", "400 badFieldName"},
    {"(X): y\r\n", "400 badFieldName"},
    {"X,Y: z\r\n", "400 badFieldName"},
    {"X;Y: z\r\n", "400 badFieldName"},
    {"X/Y: z\r\n", "400 badFieldName"},
    {"X@Y: z\r\n", "400 badFieldName"},
    {"[X]: y\r\n", "400 badFieldName"},
    {"{X}: y\r\n", "400 badFieldName"},
    {"\"X\": y\r\n", "400 badFieldName"},
    {"X\\: y\r\n", "400 badFieldName"},
    {"X?: y\r\n", "400 badFieldName"},
    {"\x80: y\r\n", "400 badFieldName"},
    {"X\xc3\xa4: y\r\n", "400 badFieldName"},
    {"X\0: y\r\n"s, "400 badFieldName"},
    {"\0: y\r\n"s, "400 badFieldName"},
    {"X\x7f: y\r\n", "400 badFieldName"},
    {"X\v: y\r\n", "400 badFieldName"},
    {"GET / HTTP/1.1\r\n", "400 badFieldName"},
    // Folded lines (RFC 9112, 5.2), and blanks in front of the first field (2.2).
    {"X: y\r\n z\r\n", "400 foldedLine"},
    {"X: y\r\n\tz\r\n", "400 foldedLine"},
    {"X: y\r\n \r\n", "400 foldedLine"},
    {"X:\r\n y\r\n", "400 foldedLine"}, // right behind the colon
    {"X: \r\n\ty\r\n", "400 foldedLine"},
    {"Content-Length:\r\n 39\r\n", "400 badLength"},
    {"Content-Length: 1\r\n 2\r\n", "400 foldedLine"},
    {"Transfer-Encoding:\r\n chunked\r\n", "400 foldedLine"},
    {" X: y\r\n", "400 foldedLine"},
    {"\tX: y\r\n", "400 foldedLine"},
    // CR without LF (RFC 9112, 2.2): each of these was a header or an end of the head to somebody.
    {"X:\rZRange: bytes=0-1\r\n", "400 badFieldValue"},
    {"X: y\rRange: bytes=0-1\r\n", "400 badFieldValue"},
    {"X: y\r\r\n", "400 badFieldValue"},
    {"X: \r\r\n", "400 badFieldValue"},
    {"X: y\r \r\n", "400 badFieldValue"},
    {"X\r: y\r\n", "400 badFieldName"},
    {"\rX: y\r\n", "400 badFieldName"},
    {"X: x\r\n\rContent-Length: 39\r\n", "400 badFieldName"},
    {"X: y\r\rX: y\r\n", "400 badFieldValue"},
    // LF without CR.
    {"X: y\n", "400 bareLineFeed"},
    {"X: y\nZ: z\r\n", "400 bareLineFeed"},
    {"X: y\n\r\n", "400 bareLineFeed"},
    {"\nX: y\r\n", "400 bareLineFeed"},
    {"X\n: y\r\n", "400 bareLineFeed"},
    {"X:\n y\r\n", "400 bareLineFeed"},
    // Control characters in values (RFC 9110, 5.5).
    {"X: \0\r\n"s, "400 badFieldValue"},
    {"X: y\0z\r\n"s, "400 badFieldValue"},
    {"X: y\0\r\n"s, "400 badFieldValue"},
    {"X: \x01\r\n", "400 badFieldValue"},
    {"X: y\bz\r\n", "400 badFieldValue"},
    {"X: y\v\r\n", "400 badFieldValue"},
    {"X: \fy\r\n", "400 badFieldValue"},
    {"X: \x1b[1m\r\n", "400 badFieldValue"},
    {"X: y\x7f\r\n", "400 badFieldValue"},
    {"X: 1234567\x1f\r\n", "400 badFieldValue"},
    {"X: 12345678\x1f\r\n", "400 badFieldValue"},
    {"X: 12345678901234567890\x7f-\r\n", "400 badFieldValue"},
    // An error in a line counts, whatever its name.
    {"Host\0: x\r\n"s, "400 badFieldName"},
    {"Connection: close\0\r\n"s, "400 badFieldValue"},
};

TEST(FieldsTest, Lines) {
  for (const Row &row : lines) {
    // A length of nothing is refused before the line behind it is seen.
    EXPECT_EQ(fieldsOf(row.in), row.out) << row.in;
  }
}

// Every byte, in a name, and at every place in a value that words of eight bytes are read from.
TEST(FieldsTest, EveryByte) {
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    const bool token = isIn(byte, tokenSet);
    const std::string inName = fieldsOf(std::string("X") + byte + "Y: z\r\n");
    EXPECT_EQ(inName, token          ? std::string("X") + byte + "Y=z"
                      : byte == ':'  ? "X=Y: z"
                      : byte == '\n' ? "400 bareLineFeed"
                                     : "400 badFieldName")
        << c;
    for (size_t place = 0; place < 17; ++place) {
      std::string value(18, 'v');
      value[place] = byte;
      const bool blank = (byte == ' ' || byte == '\t') && place == 0;
      const std::string expected = byte == '\n'                                 ? "400 bareLineFeed"
                                   : (c < 0x20 && byte != '\t') || byte == 0x7f ? "400 badFieldValue"
                                                                                : "X=" + value.substr(blank);
      EXPECT_EQ(fieldsOf("X: " + value + "\r\n"), expected) << c << " at " << place;
    }
  }
}

// What stands in two places of one word does not hide what stands in one of them.
TEST(FieldsTest, SeveralInOneWord) {
  EXPECT_EQ(fieldsOf("X: \t\t\t\t\t\t\t\t\t\x01\r\n"), "400 badFieldValue");
  EXPECT_EQ(fieldsOf("X: a\t\x80\x1f\x7f\x7f\t\x80\r\n"), "400 badFieldValue");
  EXPECT_EQ(fieldsOf("X: a\t\x80\xff\xa0\x80\t\x81\tb\r\n"), "X=a\t\x80\xff\xa0\x80\t\x81\tb");
}

TEST(FieldsTest, HowMany) {
  auto head = [](int fields) {
    std::string text = "GET / HTTP/1.0\r\n";
    for (int i = 0; i < fields; ++i)
      text += "X: y\r\n";
    return text + "\r\n";
  };
  Limits limits;
  EXPECT_EQ(outcome(head(0), limits), "GET /  1.0 close");
  EXPECT_EQ(outcome(head(100), limits), "GET /  1.0 close");
  EXPECT_EQ(outcome(head(101), limits), "431 manyFields");
  limits.fields = 1;
  EXPECT_EQ(outcome(head(1), limits), "GET /  1.0 close");
  EXPECT_EQ(outcome(head(2), limits), "431 manyFields");
  limits.fields = 10000; // there is no room for so many
  EXPECT_EQ(outcome(head(mostFields), limits), "GET /  1.0 close");
  EXPECT_EQ(outcome(head(mostFields + 1), limits), "431 manyFields");
}

TEST(FieldsTest, Find) {
  ParsedHead head("GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\naccept: b\r\nACCEPT-X: c\r\n\r\n");
  const Request &request = head.request;
  EXPECT_EQ(request.find("Accept"), 1u);
  EXPECT_EQ(request.find("ACCEPT", 2), 2u);
  EXPECT_EQ(request.find("accept", 3), 4u);
  EXPECT_EQ(request.find(""), 4u);
  std::string_view value;
  EXPECT_TRUE(request.single("accept-x", value));
  EXPECT_EQ(value, "c");
  EXPECT_FALSE(request.single("accept", value));
  EXPECT_FALSE(request.single("range", value));
}

} // namespace
