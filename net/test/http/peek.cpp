/// peek.cpp - what the parser makes of requests that somebody has tampered with, for programs that compare it with
/// others.
///
///   net-http-peek SEED COUNT
///
/// writes COUNT lines: the request, and what becomes of it, "more", "refused STATUS REASON", or "request METHOD TARGET
/// MINOR LENGTH KEEPALIVE NAME=VALUE...", where texts are in hexadecimal and LENGTH may be "chunked".
#include "mutations.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

using namespace flux::http;

namespace {

void print(std::string_view text) {
  for (char c : text)
    printf("%02x", static_cast<unsigned char>(c));
}

void print(const Request &request) {
  const std::string length = request.framing == Framing::chunked ? "chunked" : std::to_string(request.contentLength);
  printf(" request ");
  print(request.text(request.method));
  putchar(' ');
  print(request.text(request.target));
  printf(" %d %s %d", request.minor, length.c_str(), request.keepAlive);
  for (unsigned i = 0; i < request.fieldCount; ++i) {
    putchar(' ');
    print(request.name(i));
    putchar('=');
    print(request.value(i));
  }
  putchar('\n');
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3)
    return 2;
  Mutations mutations(static_cast<uint32_t>(strtoul(argv[1], nullptr, 10)));
  for (unsigned long i = strtoul(argv[2], nullptr, 10); i > 0; --i) {
    const std::string text = mutations.next();
    const ParsedHead head(text);
    putchar('=');
    print(text);
    if (head.state == HeadScan::more)
      puts(" more");
    else if (head.refusal != Refusal::none)
      printf(" refused %d %s\n", statusOf(head.refusal), nameOf(head.refusal));
    else
      print(head.request);
  }
  return 0;
}
