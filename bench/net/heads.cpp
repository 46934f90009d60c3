// heads.cpp - what parsing a request head costs: as a browser sends it, and as a load generator does.
#include "http/head_scan.h"
#include "http/request.h"

#include <benchmark/benchmark.h>
#include <llhttp.h>
#include <string.h>

using namespace flux::http;

namespace {

constexpr std::string_view browser =
    "GET /images/photos/2024/holiday%20pictures/IMG_0001.jpg?size=large HTTP/1.1\r\n"
    "Host: www.example.org\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: image/avif,image/webp,*/*\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Connection: keep-alive\r\n"
    "Referer: http://www.example.org/images/\r\n"
    "If-None-Match: \"5f3a-61b2c9d1\"\r\n"
    "\r\n";
constexpr std::string_view generator = "GET /1k.html HTTP/1.1\r\n"
                                       "Host: 127.0.0.1:8080\r\n"
                                       "\r\n";

std::string_view headOf(const benchmark::State &state) { return state.range(0) ? browser : generator; }

// The end is found, the head parsed, the path decoded. The parser writes into the head, which is copied each time.
void parse(benchmark::State &state) {
  const std::string_view text = headOf(state);
  constexpr Limits limits;
  char head[1024], scratch[limits.scratch()];
  for (auto _ : state) {
    memcpy(head, text.data(), text.size());
    HeadScan scan;
    Request request;
    bool good = scan.scan(head, text.size(), limits) == HeadScan::complete &&
                parseHead(head, scan.end(), limits, scratch, request) == Refusal::none;
    if (!good)
      state.SkipWithError("the head was refused");
    benchmark::DoNotOptimize(request);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

// The scan alone, of a head that arrives in pieces of 16 bytes.
void scanPieces(benchmark::State &state) {
  const std::string_view text = headOf(state);
  constexpr Limits limits;
  for (auto _ : state) {
    HeadScan scan;
    for (size_t size = 16; scan.scan(text.data(), size < text.size() ? size : text.size(), limits) == HeadScan::more;)
      size += 16;
    benchmark::DoNotOptimize(scan);
  }
}

struct Spans {
  llhttp_t parser;
  std::string_view target, fields[64];
  unsigned count = 0;
};

Spans &spansOf(llhttp_t *parser) { return *reinterpret_cast<Spans *>(parser); }

int onTarget(llhttp_t *parser, const char *at, size_t length) {
  spansOf(parser).target = {at, length};
  return 0;
}

int onSpan(llhttp_t *parser, const char *at, size_t length) {
  Spans &spans = spansOf(parser);
  spans.fields[spans.count++] = {at, length};
  return 0;
}

// As the web example calls it: every span of the head is kept, the path is not decoded, Host is not looked at.
void parseByLlhttp(benchmark::State &state) {
  const std::string_view text = headOf(state);
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_url = onTarget;
  settings.on_header_field = onSpan;
  settings.on_header_value = onSpan;
  char head[1024];
  for (auto _ : state) {
    memcpy(head, text.data(), text.size());
    Spans spans;
    llhttp_init(&spans.parser, HTTP_REQUEST, &settings);
    if (llhttp_execute(&spans.parser, head, text.size()) != HPE_OK)
      state.SkipWithError("the head was refused");
    benchmark::DoNotOptimize(spans);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

BENCHMARK(parse)->Name("head/flux")->Arg(0)->Arg(1);
BENCHMARK(scanPieces)->Name("head/flux_scan_by_16")->Arg(0)->Arg(1);
BENCHMARK(parseByLlhttp)->Name("head/llhttp")->Arg(0)->Arg(1);

} // namespace
