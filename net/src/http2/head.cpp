#include "head.h"

#include "http/characters.h"

#include <algorithm>
#include <stdlib.h>
#include <string.h>

namespace flux::http2 {

using http::Refusal;

namespace {

std::string_view viewOf(nghttp2_rcbuf *buffer) {
  if (!buffer)
    return {};
  const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
  return {reinterpret_cast<const char *>(bytes.base), bytes.len};
}

/// What RFC 9113, 8.2.1 does not have in a value; the parser of heads looks closer.
bool breaksLine(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// Appends; false without memory.
bool append(char *&buffer, size_t &used, size_t &capacity, std::string_view text) {
  if (used + text.size() > capacity) {
    constexpr size_t kLeast = 512;
    const size_t wanted = std::max({kLeast, 2 * capacity, used + text.size()});
    auto *grown = static_cast<char *>(realloc(buffer, wanted));
    if (!grown)
      return false;
    buffer = grown;
    capacity = wanted;
  }
  if (!text.empty())
    memcpy(buffer + used, text.data(), text.size());
  used += text.size();
  return true;
}

char *put(char *at, std::string_view text) {
  if (!text.empty())
    memcpy(at, text.data(), text.size());
  return at + text.size();
}

} // namespace

void Head::begin(size_t most, bool keeps) {
  end();
  open = true;
  limit = most;
  isKept = keeps;
}

void Head::end() {
  for (nghttp2_rcbuf *&buffer : pseudos)
    if (buffer)
      nghttp2_rcbuf_decref(buffer), buffer = nullptr;
  free(fields);
  free(cookie);
  fields = cookie = nullptr;
  used = capacity = cookieUsed = cookieCapacity = total = 0;
  open = isInvalid = otherHost = false;
}

std::string_view Head::pseudo(Pseudo which) const { return viewOf(pseudos[which]); }

void Head::keep(std::string_view name, std::string_view value) {
  for (const std::string_view part : {name, std::string_view(": "), value, std::string_view("\r\n")})
    isInvalid |= !append(fields, used, capacity, part);
}

/// A client may send the parts of one field apart, which are one for everybody else (RFC 9113, 8.2.3).
void Head::keepCookie(std::string_view value) {
  if (cookieUsed > 0)
    isInvalid |= !append(cookie, cookieUsed, cookieCapacity, "; ");
  isInvalid |= !append(cookie, cookieUsed, cookieCapacity, value);
}

void Head::add(nghttp2_rcbuf *nameBuffer, nghttp2_rcbuf *valueBuffer) {
  const std::string_view name = viewOf(nameBuffer), value = viewOf(valueBuffer);
  constexpr size_t kOverhead = 32; // of a field, as RFC 9113, 6.5.2 counts
  total += name.size() + value.size() + kOverhead;
  if (total > limit || !isKept)
    return;
  isInvalid |= breaksLine(value);
  static constexpr std::string_view kNames[count] = {":method", ":path", ":authority"};
  if (name.starts_with(':')) {
    for (size_t i = 0; i < count; ++i)
      if (name == kNames[i] && !pseudos[i])
        nghttp2_rcbuf_incref(pseudos[i] = valueBuffer);
    return;
  }
  isInvalid |= !http::isToken(name);
  if (name == "cookie")
    return keepCookie(value);
  // One that says the same as the authority says nothing new, another one is no valid request (RFC 9113, 8.3.1).
  if (name == "host" && pseudos[authority]) {
    otherHost |= !http::sameWord(value, pseudo(authority));
    return;
  }
  keep(name, value);
}

Refusal Head::refusal() const {
  if (total > limit)
    return Refusal::longHead;
  if (isInvalid)
    return Refusal::badFieldValue;
  if (otherHost)
    return Refusal::severalHosts;
  const std::string_view target = pseudo(path);
  return pseudos[path] && !target.starts_with('/') && target != "*" ? Refusal::wrongForm : Refusal::none;
}

char *Head::text(size_t &length) const {
  const std::string_view target = pseudos[path] ? pseudo(path) : pseudo(authority);
  const bool hasHost = pseudos[authority], hasCookie = cookieUsed > 0;
  constexpr std::string_view kVersion = " HTTP/1.1\r\n", kHost = "host: ", kCookie = "cookie: ", kEnd = "\r\n";
  const size_t size = pseudo(method).size() + 1 + target.size() + kVersion.size() +
                      (hasHost ? kHost.size() + pseudo(authority).size() + 2 : 0) + used +
                      (hasCookie ? kCookie.size() + cookieUsed + 2 : 0) + kEnd.size();
  auto *made = static_cast<char *>(malloc(size));
  if (!made)
    return nullptr;
  char *at = put(put(put(put(made, pseudo(method)), " "), target), kVersion);
  if (hasHost)
    at = put(put(put(at, kHost), pseudo(authority)), kEnd);
  at = put(at, {fields, used});
  if (hasCookie)
    at = put(put(put(at, kCookie), {cookie, cookieUsed}), kEnd);
  at = put(at, kEnd);
  length = static_cast<size_t>(at - made);
  return made;
}

} // namespace flux::http2
