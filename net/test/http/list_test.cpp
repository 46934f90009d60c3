/// list_test.cpp - lists in values (RFC 9110, 5.6.1), and lists of entity tags (8.8.3).
#include "http/list.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

const Row elements[] = {
    {"", ""},
    {"a", "[a]"},
    {"a,b", "[a][b]"},
    {"a , b\t,\tc", "[a][b][c]"},
    {",", ""},
    {" , ,", ""},
    {",a,,b,", "[a][b]"},
    {"a b, c", "[a b][c]"},
    {"a;q=0.5, b;q=1", "[a;q=0.5][b;q=1]"},
    {"\"a,b\",c", "[\"a,b\"][c]"},
    {"a=\"b,\\\",c\",d", "[a=\"b,\\\",c\"][d]"}, // an escaped quote
    {"\"a\\\\\",b", "[\"a\\\\\"][b]"},           // an escaped backslash
    {"\"a,b", "[\"a,b]"},
    {"a\"", "[a\"]"},
    {"\"\\", "[\"\\]"},
};

TEST(ListTest, Elements) {
  for (const Row &row : elements) {
    std::string found;
    std::string_view list = row.in, element;
    while (nextElement(list, element))
      found.append("[").append(element).append("]");
    EXPECT_EQ(found, row.out) << row.in;
    EXPECT_TRUE(list.empty());
  }
}

const Row tags[] = {
    {"", ""},
    {"\"a\"", "[\"a\"]"},
    {"W/\"a\"", "[W/\"a\"]"},
    {"\"\"", "[\"\"]"},
    {"\"a\",\"b\" , W/\"c\"", "[\"a\"][\"b\"][W/\"c\"]"},
    {",\"a\",,", "[\"a\"]"},
    {"\"a,b\"", "[\"a,b\"]"},
    {"\"a\\\",\"b\"", "[\"a\\\"][\"b\"]"}, // a backslash escapes nothing
    {"\"\xc3\xa4!#~\"", "[\"\xc3\xa4!#~\"]"},
    {"*", ""},
    {"a", ""},
    {"\"a", ""},
    {"a\"", ""},
    {"w/\"a\"", ""}, // case-sensitive
    {"W/", ""},
    {"W/a", ""},
    {"W /\"a\"", ""},
    {"W/ \"a\"", ""},
    {"\"a b\"", ""}, // no blanks
    {"\"a\" \"b\"", ""},
    {"\"a\"b", ""},
    {"\"a\", b, \"c\"", "[\"a\"]"}, // what comes behind a fault does not count
};

TEST(ListTest, Tags) {
  for (const Row &row : tags) {
    std::string found;
    std::string_view list = row.in, tag;
    while (nextTag(list, tag))
      found.append("[").append(tag).append("]");
    EXPECT_EQ(found, row.out) << row.in;
    EXPECT_TRUE(list.empty());
  }
}

// Fields of one name are one list, in their order; an element does not reach into the next field.
TEST(ListTest, OverFields) {
  ParsedHead head("GET / HTTP/1.0\r\nA: x, y\r\nB: 1\r\na:\r\nA: \"z\r\nA: ,w\"\r\n\r\n");
  std::string found;
  FieldList list(head.request, "A");
  for (std::string_view element; list.next(element);)
    found.append("[").append(element).append("]");
  EXPECT_EQ(found, "[x][y][\"z][w\"]");
  std::string_view element;
  EXPECT_FALSE(list.next(element));
}

} // namespace
