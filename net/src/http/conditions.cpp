#include "http/conditions.h"
#include "http/characters.h"
#include "http/list.h"

namespace flux::http {
namespace {

bool isWeak(std::string_view tag) { return tag.starts_with("W/"); }

std::string_view opaque(std::string_view tag) { return behind(tag, isWeak(tag) ? 2 : 0); }

/// RFC 9110, 8.8.3.2.
bool sameTag(std::string_view a, std::string_view b, bool weakly) {
  return !a.empty() && !b.empty() && opaque(a) == opaque(b) && (weakly || (!isWeak(a) && !isWeak(b)));
}

/// True if one of the fields `name` is "*", and there is something, or lists the tag that it has.
bool lists(const Request &request, std::string_view name, const Representation &representation, bool weakly) {
  if (!representation.exists)
    return false;
  for (unsigned i = request.find(name); i != request.fieldCount; i = request.find(name, i + 1)) {
    std::string_view list = request.value(i);
    if (list == "*")
      return true;
    for (std::string_view tag; nextTag(list, tag);)
      if (sameTag(tag, representation.etag, weakly))
        return true;
  }
  return false;
}

bool has(const Request &request, std::string_view name) { return request.find(name) != request.fieldCount; }

/// The date of the one field `name`, or noDate.
int64_t dateOf(const Request &request, std::string_view name, int64_t now) {
  std::string_view value;
  return request.single(name, value) ? parseDate(value, now) : noDate;
}

/// One range-spec of 14.1.1: from `first` to `last`, or without `hasFirst` the last `last` bytes.
struct Spec {
  uint64_t first = 0, last = INT64_MAX;
  bool hasFirst = false;
};

bool parseSpec(std::string_view text, Spec &spec) {
  spec.hasFirst = takeDecimal(text, spec.first);
  if (text.empty() || text[0] != '-')
    return false;
  text.remove_prefix(1);
  uint64_t last = 0;
  const bool hasLast = takeDecimal(text, last);
  if (hasLast)
    spec.last = last;
  return text.empty() && (spec.hasFirst || hasLast) && !(spec.hasFirst && spec.last < spec.first);
}

/// The one range of a Range field; false if it is not valid or has several.
bool parseRange(std::string_view value, Spec &spec) {
  constexpr std::string_view unit = "bytes=";
  if (!sameWord(upTo(value, unit.size()), unit))
    return false;
  value.remove_prefix(unit.size());
  std::string_view element, second;
  return nextElement(value, element) && !nextElement(value, second) && parseSpec(element, spec);
}

/// RFC 9110, 13.1.5. Compares strongly.
bool ifRangeHolds(const Request &request, const Representation &representation, int64_t now) {
  if (!has(request, "If-Range"))
    return true;
  std::string_view value;
  if (!request.single("If-Range", value))
    return false;
  if (!value.empty() && (value[0] == '"' || isWeak(value)))
    return sameTag(value, representation.etag, false);
  const int64_t date = parseDate(value, now);
  return date != noDate && date == representation.modified && date < now;
}

} // namespace

int evaluateConditions(const Request &request, const Representation &representation, int64_t now) {
  const int64_t modified = representation.modified;
  if (has(request, "If-Match")) {
    if (!lists(request, "If-Match", representation, false))
      return 412;
  } else if (const int64_t since = dateOf(request, "If-Unmodified-Since", now); since != noDate && modified > since) {
    return 412;
  }
  const bool reads = request.kind == Method::get || request.kind == Method::head;
  if (has(request, "If-None-Match")) {
    if (lists(request, "If-None-Match", representation, true))
      return reads ? 304 : 412;
  } else if (reads && modified != noDate) {
    if (const int64_t since = dateOf(request, "If-Modified-Since", now); since != noDate && modified <= since)
      return 304;
  }
  return 0;
}

int evaluateRange(const Request &request, const Representation &representation, uint64_t size, int64_t now,
                  Range &range) {
  std::string_view value;
  Spec spec;
  if (request.kind != Method::get || !request.single("Range", value) || !parseRange(value, spec) ||
      !ifRangeHolds(request, representation, now))
    return 200;
  if (spec.hasFirst ? spec.first >= size : spec.last == 0 || size == 0)
    return 416;
  if (spec.hasFirst) {
    range.first = spec.first;
    range.length = (spec.last < size - 1 ? spec.last : size - 1) - spec.first + 1;
  } else {
    range.length = spec.last < size ? spec.last : size;
    range.first = size - range.length;
  }
  return 206;
}

} // namespace flux::http
