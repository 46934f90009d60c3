#include "invariants.h"
#include "http/body.h"
#include "http/head_scan.h"
#include "http/path.h"
#include "http/request.h"

#include <memory>
#include <string.h>

using namespace flux::http;

namespace {

constexpr Limits limits = {2048, 512, 20};

/// Memory that ends where the bytes do, so that sanitizers see who reads beyond them.
std::unique_ptr<char[]> copied(std::string_view bytes) {
  std::unique_ptr<char[]> copy(new char[bytes.size()]);
  if (!bytes.empty())
    memcpy(copy.get(), bytes.data(), bytes.size());
  return copy;
}

/// What a scan finds of `data`, given in pieces of `piece` bytes.
HeadScan scanned(std::string_view data, size_t piece, HeadScan::State &state) {
  HeadScan scan;
  state = HeadScan::more;
  for (size_t size = 0; state == HeadScan::more && size < data.size();) {
    size = std::min(size + piece, data.size());
    state = scan.scan(copied(data.substr(0, size)).get(), size, limits);
  }
  return scan;
}

bool sameScan(const HeadScan &a, const HeadScan &b) {
  return a.refusal() == b.refusal() && (a.refusal() != Refusal::none || (a.begin() == b.begin() && a.end() == b.end()));
}

/// What a decoder makes of `data`, given in pieces of `piece` bytes: the content, and how it has stopped.
std::string decoded(const Request &request, std::string_view data, size_t piece) {
  BodyDecoder decoder(request, 1000);
  std::string text;
  for (size_t at = 0;;) {
    const size_t size = std::min(piece, data.size() - at);
    std::unique_ptr<char[]> bytes = copied(data.substr(at, size));
    std::string_view rest(bytes.get(), size), part;
    BodyDecoder::State state;
    while ((state = decoder.next(rest, part)) == BodyDecoder::content)
      text += part;
    at += size;
    if (state == BodyDecoder::end)
      return text + "|" + std::to_string(data.size() - at + rest.size());
    if (state == BodyDecoder::refused)
      return text + "|" + std::to_string(static_cast<int>(decoder.refusal()));
    if (at == data.size())
      return text + "|more";
  }
}

/// A request with the memory that it lies in.
struct Parsed {
  explicit Parsed(std::string_view text)
      : head(copied(text)), scratch(new char[limits.scratch()]),
        refusal(parseHead(head.get(), text.size(), limits, scratch.get(), request)) {}

  std::unique_ptr<char[]> head, scratch;
  Request request;
  Refusal refusal;
};

bool isText(std::string_view text) {
  for (char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
      return false;
  return true;
}

/// True if `slice` lies in a head of `size` bytes, and the byte behind it is its end.
bool isWithin(const Request &request, Slice slice, size_t size) {
  return size_t{slice.at} + slice.length < size && request.head[slice.at + slice.length] == '\0' &&
         isText(request.text(slice));
}

std::string brokenSlice(const Request &request, size_t size) {
  if (!isWithin(request, request.method, size) || !isWithin(request, request.target, size))
    return "a slice of the first line lies elsewhere";
  if (request.hasQuery && !isWithin(request, request.query, size))
    return "the query lies elsewhere";
  for (unsigned i = 0; i < request.fieldCount; ++i) {
    const Field &field = request.fields[i];
    if (!isWithin(request, field.name, size) || !isWithin(request, field.value, size) || field.name.length == 0)
      return "a field lies elsewhere";
    const std::string_view value = request.value(i);
    if (!value.empty() && (strchr(" \t", value.front()) || strchr(" \t", value.back())))
      return "a value has blanks at its ends";
  }
  return "";
}

std::string brokenPath(const Request &request) {
  const std::string path(request.path);
  if (request.path.data()[path.size()] != '\0' || path.find('\0') != std::string::npos)
    return "the path does not end in its zero";
  if (request.form == TargetForm::authority || request.form == TargetForm::asterisk)
    return path == (request.form == TargetForm::asterisk ? "*" : "") ? "" : "a path where there is none";
  if (path.empty() || path[0] != '/')
    return "the path is not absolute";
  const std::string around = path + "/";
  for (const char *segment : {"/./", "/../"})
    if (around.find(segment) != std::string::npos)
      return "the path has a dot segment";
  if (path.find("//") != std::string::npos)
    return "the path has an empty segment";
  std::string encoded(encodePath(path, nullptr, 0), ' '), again(path.size() + encoded.size() + 2, ' ');
  encodePath(path, encoded.data(), encoded.size());
  size_t length = 0;
  if (decodePath(encoded, again.data(), length) != Refusal::none || again.compare(0, length, path) != 0)
    return "the path is another one when it was encoded";
  return "";
}

std::string written(const Request &request) {
  std::string text(request.text(request.method));
  text.append(" ").append(request.text(request.target));
  text.append(request.minor == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (unsigned i = 0; i < request.fieldCount; ++i)
    text.append(request.name(i)).append(": ").append(request.value(i)).append("\r\n");
  return text + "\r\n";
}

bool same(const Request &a, const Request &b) {
  if (a.fieldCount != b.fieldCount)
    return false;
  for (unsigned i = 0; i < a.fieldCount; ++i)
    if (a.name(i) != b.name(i) || a.value(i) != b.value(i))
      return false;
  return a.text(a.method) == b.text(b.method) && a.text(a.target) == b.text(b.target) && a.path == b.path &&
         a.host == b.host && a.port == b.port && a.minor == b.minor && a.kind == b.kind && a.form == b.form &&
         a.framing == b.framing && a.contentLength == b.contentLength && a.keepAlive == b.keepAlive &&
         a.expectContinue == b.expectContinue && a.hasQuery == b.hasQuery && a.text(a.query) == b.text(b.query);
}

std::string brokenRewriting(const Request &request) {
  const std::string text = written(request);
  HeadScan::State state;
  const HeadScan scan = scanned(text, text.size(), state);
  // Blanks that were missing may be one byte too many.
  if (state == HeadScan::refused && scan.refusal() == Refusal::longHead)
    return "";
  if (state != HeadScan::complete || scan.end() != text.size())
    return "what was accepted is no head when it is written again";
  Parsed again(text);
  return again.refusal == Refusal::none && same(request, again.request)
             ? ""
             : "what was accepted is another request when it is written again";
}

} // namespace

std::string brokenInvariant(std::string_view data) {
  HeadScan::State state;
  const HeadScan scan = scanned(data, data.size() + 1, state);
  for (size_t piece : {1, 2, 7, 64}) {
    HeadScan::State other;
    if (const HeadScan pieces = scanned(data, piece, other); other != state || !sameScan(scan, pieces))
      return "the scan depends on how the bytes were split";
  }
  if (state != HeadScan::complete)
    return "";
  const std::string_view head = data.substr(scan.begin(), scan.end() - scan.begin());
  Parsed parsed(head);
  const Request &request = parsed.request;
  if (parsed.refusal != Refusal::none)
    return !request.keepAlive || parsed.refusal == Refusal::escapedSlash ? "" : "a refused request lives on";
  if (std::string broken = brokenSlice(request, head.size()); !broken.empty())
    return broken;
  if (std::string broken = brokenPath(request); !broken.empty())
    return broken;
  if (std::string broken = brokenRewriting(request); !broken.empty())
    return broken;
  const std::string_view body = data.substr(scan.end());
  const std::string whole = decoded(request, body, body.size() + 1);
  for (size_t piece : {1, 2, 7, 64})
    if (decoded(request, body, piece) != whole)
      return "the body depends on how the bytes were split";
  return "";
}
