/// characters.h - which bytes may stand where in HTTP, and parts of texts.
#ifndef FLUX_NET_HTTP_CHARACTERS_H
#define FLUX_NET_HTTP_CHARACTERS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <string_view>

namespace flux::http {

/// Sets of bytes; a byte may be in several.
enum CharacterSet : uint8_t {
  tokenSet = 1,    ///< RFC 9110, 5.6.2: names of fields, methods
  targetSet = 2,   ///< what a request target may consist of: printing ASCII but '#', which begins what is never sent
  hostSet = 4,     ///< unreserved and sub-delims of RFC 3986 but ',', which joins repeated fields
  plainSet = 8,    ///< stands for itself in a path: no '%', '/', '.', '?'
  pathSet = 16,    ///< need not be encoded in a path that is written: pchar of RFC 3986 and '/'
  digitSet = 32,   ///< 0 to 9
  hexDigitSet = 64 ///< and a to f, A to F
};

struct CharacterTable {
  uint8_t sets[256] = {};

  constexpr void add(std::string_view characters, uint8_t set) {
    for (char c : characters)
      sets[static_cast<unsigned char>(c)] |= set;
  }

  constexpr CharacterTable() {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    add("0123456789", tokenSet | hostSet | pathSet | digitSet | hexDigitSet);
    add(letters, tokenSet | hostSet | pathSet);
    add("abcdefABCDEF", hexDigitSet);
    add("!#$%&'*+-.^_`|~", tokenSet);
    add("-._~!$&'()*+;=", hostSet | pathSet);
    add(",:@/", pathSet);
    for (int c = 0x21; c < 0x7f; ++c) {
      if (c != '#')
        sets[c] |= targetSet;
      if (std::string_view("#%/.?").find(static_cast<char>(c)) == std::string_view::npos)
        sets[c] |= plainSet;
    }
  }
};

inline constexpr CharacterTable characterTable;

constexpr bool isIn(char c, CharacterSet set) {
  return (characterTable.sets[static_cast<unsigned char>(c)] & set) != 0;
}

/// The first of [at, end) that is not in `set`, or `end`.
inline const char *skip(const char *at, const char *end, CharacterSet set) {
  while (at != end && isIn(*at, set))
    ++at;
  return at;
}

/// The first control character of [at, end) other than HTAB, or `end`: where a field's value stops. Eight bytes at a
/// time: in the lowest byte that is marked the arithmetic is exact, since a borrow runs upwards only from such a byte.
inline const char *skipText(const char *at, const char *end) {
  constexpr uint64_t ones = 0x0101010101010101, tops = ones << 7;
  while (end - at >= 8) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    const uint64_t del = word ^ (ones * 0x7f);
    const uint64_t found = (((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & tops;
    if (!found) {
      at += 8;
      continue;
    }
    at += __builtin_ctzll(found) / 8;
    if (*at != '\t')
      return at;
    ++at;
  }
  while (at != end && (*at == '\t' || (static_cast<unsigned char>(*at) >= 0x20 && *at != 0x7f)))
    ++at;
  return at;
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lowest byte of a word is the first");

constexpr char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// True if the two are the same but for the case of ASCII letters.
constexpr bool sameWord(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (lowered(a[i]) != lowered(b[i]))
      return false;
  return true;
}

/// The first `length` bytes of `text`, or all. Unlike substr(), neither this nor the next can throw, which archives
/// without the C++ library cannot even refer to.
constexpr std::string_view upTo(std::string_view text, size_t length) {
  return {text.data(), length < text.size() ? length : text.size()};
}

/// What follows the first `length` bytes of `text`.
constexpr std::string_view behind(std::string_view text, size_t length) {
  text.remove_prefix(length < text.size() ? length : text.size());
  return text;
}

/// `text` without the blanks (SP and HTAB) at its ends.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

constexpr bool isToken(std::string_view text) {
  for (char c : text)
    if (!isIn(c, tokenSet))
      return false;
  return !text.empty();
}

/// The value of a digit, which must be in hexDigitSet.
constexpr int valueOfDigit(char c) { return isIn(c, digitSet) ? c - '0' : lowered(c) - 'a' + 10; }

/// Takes the decimal digits off the front of `text`; false if there are none. Numbers that are too large become
/// INT64_MAX, longer than every file and every limit.
constexpr bool takeDecimal(std::string_view &text, uint64_t &number) {
  const size_t size = text.size();
  number = 0;
  while (!text.empty() && isIn(text[0], digitSet)) {
    const uint64_t digit = static_cast<uint64_t>(text[0] - '0');
    number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
    text.remove_prefix(1);
  }
  return text.size() != size;
}

} // namespace flux::http

#endif // FLUX_NET_HTTP_CHARACTERS_H
