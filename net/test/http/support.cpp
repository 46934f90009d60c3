#include "support.h"

#include <string.h>

using namespace flux::http;

const char *nameOf(Refusal refusal) {
  static const char *const names[] = {
      "none",
#define FLUX_HTTP_REFUSAL(name, status, text) #name,
#include "http/refusals.def"
#undef FLUX_HTTP_REFUSAL
  };
  return names[static_cast<size_t>(refusal)];
}

ParsedHead::ParsedHead(std::string_view raw, const Limits &limits)
    : bytes(new char[raw.size()]), scratch(new char[limits.scratch()]) {
  memcpy(bytes.get(), raw.data(), raw.size());
  state = scan.scan(bytes.get(), raw.size(), limits);
  refusal = scan.refusal();
  if (state != HeadScan::complete)
    return;
  // Of its own size, so that reading beyond it is seen.
  const size_t size = scan.end() - scan.begin();
  std::unique_ptr<char[]> head(new char[size]);
  memcpy(head.get(), bytes.get() + scan.begin(), size);
  bytes = std::move(head);
  refusal = parseHead(bytes.get(), size, limits, scratch.get(), request);
}

std::string outcome(std::string_view raw, const Limits &limits) {
  ParsedHead head(raw, limits);
  const Request &request = head.request;
  if (head.state == HeadScan::more)
    return "more";
  if (head.refusal != Refusal::none)
    return std::to_string(statusOf(head.refusal)) + " " + nameOf(head.refusal);
  std::string text(request.text(request.method));
  text.append(" ").append(request.path);
  if (request.hasQuery)
    text.append("?").append(request.text(request.query));
  text.append(" ").append(request.host);
  if (request.port >= 0)
    text.append(":").append(std::to_string(request.port));
  text.append(request.minor == 0 ? " 1.0" : " 1.1");
  if (!request.keepAlive)
    text.append(" close");
  if (request.framing == Framing::length)
    text.append(" length=").append(std::to_string(request.contentLength));
  if (request.framing == Framing::chunked)
    text.append(" chunked");
  if (request.expectContinue)
    text.append(" continue");
  return text;
}
