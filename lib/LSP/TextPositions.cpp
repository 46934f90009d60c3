//===- TextPositions.cpp - Places of a text as editors count them -----------------------------------------------===//

#include "TextPositions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace flux::lsp;
using llvm::StringRef;
using llvm::lsp::Position;

/// How many UTF-16 code units the character that starts with `byte` takes; 0 inside a character.
static unsigned numUnits(char byte) {
  auto value = static_cast<unsigned char>(byte);
  if ((value & 0xc0) == 0x80)
    return 0;
  return value >= 0xf0 ? 2 : 1;
}

TextPositions::TextPositions(StringRef text) : text(text), lineStarts{text.begin()}, afterFeeds{text.begin()} {
  size_t surplus = 0;
  for (const char &c : text) {
    const char *next = &c + 1;
    if (c == '\n')
      afterFeeds.push_back(next);
    if (c == '\n' || (c == '\r' && (next == text.end() || *next != '\n')))
      lineStarts.push_back(next);
    if (llvm::isASCII(c))
      continue;
    surplus = surplus + 1 - numUnits(c);
    wideBytes.push_back({next, surplus});
  }
}

size_t TextPositions::surplusBefore(const char *place) const {
  auto next = llvm::partition_point(wideBytes, [&](const WideByte &wide) { return wide.end <= place; });
  return next == wideBytes.begin() ? 0 : std::prev(next)->surplus;
}

Position TextPositions::positionOf(const char *place) const {
  auto next = llvm::upper_bound(lineStarts, place);
  const char *start = *std::prev(next);
  size_t units = (place - start) - (surplusBefore(place) - surplusBefore(start));
  return {int(next - lineStarts.begin()) - 1, int(units)};
}

const char *TextPositions::placeOf(Position position) const {
  if (position.line < 0)
    return text.begin();
  if (size_t(position.line) >= lineStarts.size())
    return text.end();
  const char *at = lineStarts[position.line];
  int units = 0;
  for (; at != text.end() && *at != '\n' && *at != '\r'; ++at) {
    units += numUnits(*at);
    if (units > position.character)
      break;
  }
  return at;
}

StringRef TextPositions::tokenAt(unsigned line, unsigned column) const {
  StringRef rest = text.substr(afterFeeds[std::min<size_t>(line, afterFeeds.size()) - (line > 0)] - text.begin());
  rest = rest.take_until([](char c) { return c == '\n'; }).rtrim('\r');
  rest = rest.drop_front(std::min<size_t>(rest.size(), column - (column > 0)));
  StringRef word = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!word.empty() || rest.empty())
    return word;
  size_t quote = rest.starts_with("\"") ? rest.find('"', 1) : StringRef::npos;
  if (quote != StringRef::npos)
    return rest.take_front(quote + 1);
  size_t end = 1; // of the whole character
  while (end != rest.size() && numUnits(rest[end]) == 0)
    ++end;
  return rest.take_front(end);
}
