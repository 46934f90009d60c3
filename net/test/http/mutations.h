/// mutations.h - requests that somebody has tampered with.
#ifndef FLUX_NET_TEST_HTTP_MUTATIONS_H
#define FLUX_NET_TEST_HTTP_MUTATIONS_H

#include <random>
#include <string>

/// Makes requests by changing good ones in a few places: bytes, pieces that have meant something to somebody, lines
/// twice or not at all. The same for the same seed, everywhere.
class Mutations {
public:
  explicit Mutations(uint32_t seed) : numbers(seed) {}

  std::string next() {
    std::string text = pick(seeds);
    for (uint32_t changes = below(4); changes > 0; --changes)
      change(text);
    return text;
  }

private:
  static constexpr const char *seeds[] = {
      "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET /a/../b%20c?d=e HTTP/1.1\r\nHost: www.example.org:8080\r\nUser-Agent: x/1.0 (y)\r\nAccept: */*\r\n\r\n",
      "HEAD http://example.org/a HTTP/1.1\r\nHost: example.org\r\nIf-None-Match: \"a\", W/\"b\"\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\n\r\nhello",
      "PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: "
      "100-continue\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: "
      "y\r\n\r\n",
      "GET /a HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=0-1\r\n\r\nGET / HTTP/1.0\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nhost: h\r\nConnection: close, upgrade\r\n\r\n",
      "\r\nDELETE /a HTTP/1.1\r\nHost:h\t\r\nX:\r\nX: \t y \t\r\n\r\n",
  };
  static constexpr const char *pieces[] = {"\r",
                                           "\n",
                                           "\r\n",
                                           "\r\n\r\n",
                                           "\n\n",
                                           "\r\r\n",
                                           " ",
                                           "\t",
                                           ":",
                                           ": ",
                                           ",",
                                           ";",
                                           "\"",
                                           "%",
                                           "%2f",
                                           "%00",
                                           "%2e%2e",
                                           "/",
                                           "//",
                                           "/../",
                                           "?",
                                           "#",
                                           "*",
                                           "@",
                                           "[",
                                           "]",
                                           "\\",
                                           "\x7f",
                                           "\x80",
                                           "\xff",
                                           "\x01",
                                           "\v",
                                           "0",
                                           "9",
                                           "f",
                                           "chunked",
                                           "\r\n ",
                                           "Content-Length: 5\r\n",
                                           "Content-Length: 05\r\n",
                                           "Transfer-Encoding: chunked\r\n",
                                           "Host: h\r\n",
                                           "Connection: close\r\n",
                                           "Expect: 100-continue\r\n",
                                           "HTTP/1.0",
                                           "HTTP/1.1",
                                           "HTTP/1.5",
                                           "HTTP/2.0",
                                           "GET ",
                                           "CONNECT ",
                                           "http://",
                                           "identity",
                                           "gzip, ",
                                           "18446744073709551616"};

  uint32_t below(uint32_t bound) { return numbers() % bound; }

  template <size_t N> std::string pick(const char *const (&texts)[N]) { return texts[below(N)]; }

  /// The beginning of a line, or of the whole.
  size_t lineOf(const std::string &text) {
    const size_t at = text.find('\n', below(static_cast<uint32_t>(text.size() + 1)));
    return at == std::string::npos ? 0 : at + 1;
  }

  void change(std::string &text) {
    const size_t at = below(static_cast<uint32_t>(text.size() + 1));
    switch (below(7)) {
    case 0:
      text.insert(at, 1, static_cast<char>(below(256)));
      break;
    case 1:
      text.insert(at, pick(pieces));
      break;
    case 2:
      text.replace(at, 1, 1, static_cast<char>(below(256)));
      break;
    case 3:
      text.erase(at, 1 + below(4));
      break;
    case 4:
      text.insert(lineOf(text), pick(pieces));
      break;
    case 5: { // a line twice
      const size_t from = lineOf(text), end = text.find('\n', from);
      text.insert(lineOf(text), text.substr(from, end == std::string::npos ? end : end - from + 1));
      break;
    }
    default: { // a line not at all
      const size_t from = lineOf(text), end = text.find('\n', from);
      text.erase(from, end == std::string::npos ? end : end - from + 1);
    }
    }
  }

  std::mt19937 numbers;
};

#endif // FLUX_NET_TEST_HTTP_MUTATIONS_H
