#include "http/reply.h"
#include "http/characters.h"
#include "http/date.h"
#include "http/status.h"

namespace flux::http {

void ReplyHead::put(std::string_view text) {
  good = good && text.size() <= room - used;
  if (!good || text.empty())
    return;
  memcpy(buffer + used, text.data(), text.size());
  used += text.size();
}

void ReplyHead::put(uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do
    digits[--at] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  put({digits + at, sizeof digits - at});
}

void ReplyHead::begin(int code, unsigned version, bool keepAlive) {
  good = good && code >= 100 && code <= 599;
  status = code;
  minor = version;
  // The version is the server's own (RFC 9112, 2.3).
  put("HTTP/1.1 ");
  put(static_cast<uint64_t>(good ? code : 0));
  put(" ");
  put(reasonOf(code));
  put("\r\n");
  if (code < 200)
    return;
  put("Date: ");
  put(currentDate());
  put("\r\n");
  if (!keepAlive)
    put("Connection: close\r\n");
  else if (minor == 0)
    put("Connection: keep-alive\r\n");
}

void ReplyHead::field(std::string_view name, std::string_view value) {
  good = good && isToken(name) && skipText(value.data(), value.data() + value.size()) == value.data() + value.size();
  put(name);
  put(": ");
  put(value);
  put("\r\n");
}

void ReplyHead::field(std::string_view name, uint64_t number) {
  good = good && isToken(name);
  put(name);
  put(": ");
  put(number);
  put("\r\n");
}

void ReplyHead::length(uint64_t bytes) {
  if (!isBodiless(status))
    field("Content-Length", bytes);
}

bool ReplyHead::chunked() {
  if (minor == 0 || isBodiless(status))
    return false;
  put("Transfer-Encoding: chunked\r\n");
  return true;
}

void ReplyHead::contentRange(uint64_t first, uint64_t bytes, uint64_t size) {
  put("Content-Range: bytes ");
  if (bytes == 0) {
    put("*");
  } else {
    put(first);
    put("-");
    put(first + bytes - 1);
  }
  put("/");
  put(size);
  put("\r\n");
}

size_t ReplyHead::finish() {
  put("\r\n");
  return good ? used : 0;
}

size_t writeChunkHead(uint64_t bytes, char *out) {
  size_t digits = 1;
  while (digits < 16 && bytes >> (4 * digits) != 0)
    ++digits;
  for (size_t i = 0; i < digits; ++i)
    out[i] = "0123456789abcdef"[(bytes >> (4 * (digits - 1 - i))) & 15];
  out[digits] = '\r';
  out[digits + 1] = '\n';
  return digits + 2;
}

} // namespace flux::http
