/// parse.cpp - from the bytes of a head to a request, in three steps: the first line and the fields as they stand
/// there; what the fields that are about the message say; and what the target names.
///
/// Nothing here looks for the end of the head: HeadScan has found it. The head ends in CR LF, which stops every loop,
/// and where a line does not end in CR LF, or an empty one is not the last, the head is refused.
#include "http/authority.h"
#include "http/characters.h"
#include "http/list.h"
#include "http/path.h"
#include "http/request.h"

namespace flux::http {
namespace {

constexpr std::string_view connectMethod = "CONNECT", optionsMethod = "OPTIONS";

Method methodOf(std::string_view name) {
  switch (name.size()) {
  case 3:
    return name == "GET" ? Method::get : name == "PUT" ? Method::put : Method::other;
  case 4:
    return name == "HEAD" ? Method::head : name == "POST" ? Method::post : Method::other;
  case 5:
    return name == "PATCH" ? Method::patch : name == "TRACE" ? Method::trace : Method::other;
  case 6:
    return name == "DELETE" ? Method::delete_ : Method::other;
  case 7:
    return name == connectMethod ? Method::connect : name == optionsMethod ? Method::options : Method::other;
  default:
    return Method::other;
  }
}

bool endsLine(const char *at) { return at[0] == '\r' && at[1] == '\n'; }

/// One parse of one head.
class Parse {
public:
  Parse(char *head, size_t size, const Limits &limits, char *scratch, Request &request)
      : head(head), end(head + size), limits(limits), scratch(scratch), request(request) {}

  Refusal run();

private:
  Slice slice(const char *from, const char *to) const {
    return {static_cast<uint16_t>(from - head), static_cast<uint16_t>(to - from)};
  }

  Refusal parseLine();
  Refusal parseVersion();
  Refusal parseFields();
  Refusal parseField(Field &field);
  Refusal note(std::string_view name, std::string_view value);
  Refusal noteLength(std::string_view value);
  void noteCodings(std::string_view list);
  void noteOptions(std::string_view list);
  Refusal decideFraming();
  Refusal decideTarget();
  Refusal decideAbsolute(std::string_view target);
  Refusal takeHost(std::string_view text, Refusal refusal);
  Refusal decidePath(std::string_view target);

  char *const head;
  const char *const end;
  const Limits &limits;
  char *const scratch;
  Request &request;

  const char *at = nullptr;
  std::string_view hostValue;
  unsigned hosts = 0, lengths = 0;
  unsigned codings = 0; // without empty elements
  bool hasCoding = false, otherCoding = false, chunkedLast = false, chunkedBefore = false;
  bool close = false, keepAlive = false;
  bool expects = false, expectsOther = false;
};

Refusal Parse::parseVersion() {
  if (end - at < 10 || memcmp(at, "HTTP/", 5) != 0 || !isIn(at[5], digitSet) || at[6] != '.' ||
      !isIn(at[7], digitSet) || !endsLine(at + 8))
    return Refusal::badRequestLine;
  if (at[5] != '1')
    return Refusal::unknownVersion;
  request.minor = at[7] == '0' ? 0 : 1;
  at += 10;
  return Refusal::none;
}

Refusal Parse::parseLine() {
  const char *from = at = head;
  at = skip(at, end, tokenSet);
  if (at == from || *at != ' ')
    return Refusal::badRequestLine;
  request.method = slice(from, at);
  request.kind = methodOf(request.text(request.method));
  from = ++at;
  at = skip(at, end, targetSet);
  if (*at != ' ')
    return endsLine(at) ? Refusal::badRequestLine : Refusal::badTarget;
  if (at == from)
    return Refusal::badRequestLine;
  request.target = slice(from, at);
  if (request.target.length > limits.target)
    return Refusal::longTarget;
  ++at;
  return parseVersion();
}

Refusal Parse::parseField(Field &field) {
  const char *from = at;
  at = skip(at, end, tokenSet);
  if (at == from && (*at == ' ' || *at == '\t'))
    return Refusal::foldedLine;
  if (at == from || *at != ':')
    return Refusal::badFieldName;
  field.name = slice(from, at);
  ++at;
  while (*at == ' ' || *at == '\t')
    ++at;
  from = at;
  at = skipText(at, end);
  if (!endsLine(at))
    return Refusal::badFieldValue;
  const char *to = at;
  while (to != from && (to[-1] == ' ' || to[-1] == '\t'))
    --to;
  field.value = slice(from, to);
  at += 2;
  return Refusal::none;
}

Refusal Parse::parseFields() {
  while (end - at > 2) {
    if (request.fieldCount == limits.fields || request.fieldCount == mostFields)
      return Refusal::manyFields;
    Field &field = request.fields[request.fieldCount];
    if (const Refusal refusal = parseField(field); refusal != Refusal::none)
      return refusal;
    if (const Refusal refusal = note(request.text(field.name), request.text(field.value)); refusal != Refusal::none)
      return refusal;
    head[field.name.at + field.name.length] = '\0';
    head[field.value.at + field.value.length] = '\0';
    ++request.fieldCount;
  }
  // HeadScan has seen the empty line here.
  return end - at == 2 && endsLine(at) ? Refusal::none : Refusal::badFieldName;
}

/// Remembers what a field says that is about the message itself. Its length tells most others from these.
Refusal Parse::note(std::string_view name, std::string_view value) {
  switch (name.size()) {
  case 4:
    if (sameWord(name, "Host")) {
      hostValue = value;
      ++hosts;
    }
    break;
  case 6:
    if (sameWord(name, "Expect")) {
      for (std::string_view element; nextElement(value, element);)
        (sameWord(element, "100-continue") ? expects : expectsOther) = true;
    }
    break;
  case 10:
    if (sameWord(name, "Connection"))
      noteOptions(value);
    break;
  case 14:
    if (sameWord(name, "Content-Length"))
      return noteLength(value);
    break;
  case 17:
    if (sameWord(name, "Transfer-Encoding"))
      noteCodings(value);
    break;
  default:
    break;
  }
  return Refusal::none;
}

void Parse::noteOptions(std::string_view list) {
  for (std::string_view element; nextElement(list, element);) {
    close = close || sameWord(element, "close");
    keepAlive = keepAlive || sameWord(element, "keep-alive");
  }
}

/// RFC 9110, 8.6 allows a list of equal numbers, which is refused: whoever stands before the server may read another.
Refusal Parse::noteLength(std::string_view value) {
  if (++lengths > 1)
    return Refusal::severalLengths;
  return takeDecimal(value, request.contentLength) && value.empty() ? Refusal::none : Refusal::badLength;
}

void Parse::noteCodings(std::string_view list) {
  hasCoding = true;
  for (std::string_view element; nextElement(list, element);) {
    ++codings;
    chunkedBefore = chunkedBefore || chunkedLast;
    chunkedLast = sameWord(element, "chunked");
    otherCoding = otherCoding || (!chunkedLast && isToken(element));
  }
}

/// RFC 9112, 6.1 and 6.3. Of a coding that is not known 6.1 wants to hear 501, and 6.3 400 where chunked is not the
/// last, too; the former says more, and the connection is closed by either.
Refusal Parse::decideFraming() {
  if (!hasCoding) {
    request.framing = request.contentLength != 0 ? Framing::length : Framing::none;
    return Refusal::none;
  }
  if (request.minor == 0)
    return Refusal::codingInOldVersion;
  if (otherCoding)
    return Refusal::unknownCoding;
  if (!chunkedLast || chunkedBefore)
    return Refusal::badCoding;
  if (lengths != 0)
    return Refusal::codingAndLength;
  request.framing = Framing::chunked;
  return Refusal::none;
}

/// Puts the host that `text` names, if it is valid, at the beginning of the scratch memory.
Refusal Parse::takeHost(std::string_view text, Refusal refusal) {
  Authority authority;
  if (!parseAuthority(text, authority))
    return refusal;
  for (size_t i = 0; i < authority.host.size(); ++i)
    scratch[i] = lowered(authority.host[i]);
  scratch[authority.host.size()] = '\0';
  request.host = {scratch, authority.host.size()};
  request.port = authority.port;
  return Refusal::none;
}

/// Splits "/path?query", or "?query" of an absolute form, and decodes the path behind the host in the scratch memory.
Refusal Parse::decidePath(std::string_view target) {
  const size_t mark = target.find('?');
  const std::string_view path = upTo(target, mark);
  request.rawPath = slice(path.data(), path.data() + path.size());
  if (mark != std::string_view::npos) {
    request.hasQuery = true;
    request.query = slice(path.data() + mark + 1, target.data() + target.size());
  }
  size_t length = 0;
  char *const out = scratch + longestHost + 1;
  const Refusal refusal = decodePath(path, out, length);
  request.path = {out, refusal == Refusal::none ? length : 0};
  return refusal;
}

/// "http://host/path?query". Its host counts, and Host does not (RFC 9112, 3.2.2).
Refusal Parse::decideAbsolute(std::string_view target) {
  const size_t mark = target.find("://");
  if (mark == std::string_view::npos ||
      !(sameWord(upTo(target, mark), "http") || sameWord(upTo(target, mark), "https")))
    return Refusal::wrongForm;
  target.remove_prefix(mark + 3);
  const size_t length = target.find_first_of("/?");
  const std::string_view authority = upTo(target, length);
  if (const Refusal refusal = takeHost(authority, Refusal::badAuthority); refusal != Refusal::none)
    return refusal;
  request.form = TargetForm::absolute;
  target.remove_prefix(authority.size());
  return decidePath(target);
}

/// RFC 9112, 3.2 and 3.3.
Refusal Parse::decideTarget() {
  const std::string_view target = request.text(request.target);
  request.host = request.path = "";
  // An empty one is what a client sends whose target has no host.
  if (!hostValue.empty())
    if (const Refusal refusal = takeHost(hostValue, Refusal::badHost); refusal != Refusal::none)
      return refusal;
  if (request.kind == Method::connect) {
    request.form = TargetForm::authority;
    const Refusal refusal = takeHost(target, Refusal::badAuthority);
    return refusal == Refusal::none && request.port < 0 ? Refusal::badAuthority : refusal;
  }
  if (target[0] == '/')
    return decidePath(target);
  if (target != "*")
    return decideAbsolute(target);
  request.form = TargetForm::asterisk;
  request.path = "*";
  return request.kind == Method::options ? Refusal::none : Refusal::wrongForm;
}

Refusal Parse::run() {
  request.head = head;
  if (const Refusal refusal = parseLine(); refusal != Refusal::none)
    return refusal;
  if (const Refusal refusal = parseFields(); refusal != Refusal::none)
    return refusal;
  if (hosts > 1)
    return Refusal::severalHosts;
  if (hosts == 0 && request.minor != 0)
    return Refusal::noHost;
  if (const Refusal refusal = decideFraming(); refusal != Refusal::none)
    return refusal;
  request.keepAlive = !close && (request.minor != 0 || keepAlive);
  // Of HTTP/1.0 no expectation is known (RFC 9110, 10.1.1).
  request.expectContinue = expects && request.minor != 0 && request.framing != Framing::none;
  if (const Refusal refusal = decideTarget(); refusal != Refusal::none)
    return refusal;
  head[request.method.at + request.method.length] = '\0';
  head[request.target.at + request.target.length] = '\0';
  return expectsOther && request.minor != 0 ? Refusal::unknownExpectation : Refusal::none;
}

/// What is behind a refused head is known only where all of it was understood.
bool isFramed(Refusal refusal) { return refusal == Refusal::none || refusal == Refusal::escapedSlash; }

} // namespace

Refusal parseHead(char *head, size_t size, const Limits &limits, char *scratch, Request &request) {
  const Refusal refusal = Parse(head, size, limits, scratch, request).run();
  request.keepAlive = request.keepAlive && isFramed(refusal);
  return refusal;
}

} // namespace flux::http
