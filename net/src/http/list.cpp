#include "http/list.h"
#include "http/characters.h"

namespace flux::http {
namespace {

/// The place of the first comma of `text` outside of a quoted-string, or its size.
size_t findComma(std::string_view text) {
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (quoted && text[i] == '\\')
      ++i;
    else if (!quoted && text[i] == ',')
      return i;
  }
  return text.size();
}

void skipSeparators(std::string_view &list) {
  while (!list.empty() && (list[0] == ' ' || list[0] == '\t' || list[0] == ','))
    list.remove_prefix(1);
}

/// The length of the tag that `text` begins with, 0 if it is none.
size_t lengthOfTag(std::string_view text) {
  size_t at = text.starts_with("W/") ? 2 : 0;
  if (at >= text.size() || text[at] != '"')
    return 0;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"')
      return at + 1;
    if (text[at] == ' ' || text[at] == '\t')
      break;
  }
  return 0;
}

} // namespace

bool nextElement(std::string_view &list, std::string_view &element) {
  skipSeparators(list);
  if (list.empty())
    return false;
  const size_t comma = findComma(list);
  element = trimmed(upTo(list, comma));
  list.remove_prefix(comma);
  return true;
}

bool nextTag(std::string_view &list, std::string_view &tag) {
  skipSeparators(list);
  const size_t length = lengthOfTag(list);
  const std::string_view rest = trimmed(behind(list, length));
  if (length == 0 || (!rest.empty() && rest[0] != ',')) {
    list = {};
    return false;
  }
  tag = upTo(list, length);
  list = rest;
  return true;
}

} // namespace flux::http
