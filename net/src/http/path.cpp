#include "http/path.h"
#include "http/characters.h"

namespace flux::http {
namespace {

/// Decodes the segment that [at, end) begins with to `to`, and moves both behind it.
Refusal decodeSegment(const char *&at, const char *end, char *&to) {
  while (at != end && *at != '/') {
    // Most characters stand for themselves.
    if (*at != '%') {
      *to++ = *at++;
      continue;
    }
    if (end - at < 3 || !isIn(at[1], hexDigitSet) || !isIn(at[2], hexDigitSet))
      return Refusal::badEscape;
    const char c = static_cast<char>((valueOfDigit(at[1]) << 4) | valueOfDigit(at[2]));
    if (c == '\0')
      return Refusal::badEscape;
    if (c == '/')
      return Refusal::escapedSlash;
    *to++ = c;
    at += 3;
  }
  return Refusal::none;
}

} // namespace

Refusal decodePath(std::string_view path, char *out, size_t &length) {
  const char *at = path.data(), *const end = at + path.size();
  char *to = out;
  *to++ = '/';
  // `to` always stands behind a slash here; each segment replaces or extends what stands behind the last one.
  while (at != end) {
    ++at;
    char *const segment = to;
    if (const Refusal refusal = decodeSegment(at, end, to); refusal != Refusal::none)
      return refusal;
    const std::string_view decoded(segment, static_cast<size_t>(to - segment));
    if (decoded.empty() || decoded == ".") {
      to = segment;
    } else if (decoded == "..") {
      if (segment == out + 1)
        return Refusal::aboveRoot;
      to = segment - 1;
      while (to[-1] != '/')
        --to;
    } else if (at != end) {
      *to++ = '/';
    }
  }
  *to = '\0';
  length = static_cast<size_t>(to - out);
  return Refusal::none;
}

size_t encodePath(std::string_view path, char *out, size_t size) {
  static const char digits[] = "0123456789ABCDEF";
  size_t length = 0;
  for (char c : path) {
    const bool plain = isIn(c, pathSet);
    if (length + (plain ? 1 : 3) <= size) {
      out[length] = plain ? c : '%';
      if (!plain) {
        out[length + 1] = digits[static_cast<unsigned char>(c) >> 4];
        out[length + 2] = digits[c & 15];
      }
    }
    length += plain ? 1 : 3;
  }
  return length;
}

} // namespace flux::http
