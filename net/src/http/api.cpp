/// api.cpp - the functions of flux/http.h.
#include "flux/http.h"
#include "http/characters.h"
#include "http/conditions.h"
#include "http/media_type.h"

using namespace flux::http;

namespace {

const char *give(std::string_view text, size_t *length) {
  if (length)
    *length = text.size();
  return text.data();
}

/// The weight of an element in thousandths, by its parameters, from its first semicolon on (RFC 9110, 12.4.2). One that
/// is none counts as none.
int weightOf(std::string_view parameters) {
  constexpr int whole = 1000;
  while (!parameters.empty()) {
    parameters.remove_prefix(1);
    const size_t next = parameters.find(';');
    const std::string_view parameter = trimmed(upTo(parameters, next));
    parameters = behind(parameters, next);
    if (!sameWord(upTo(parameter, 2), "q="))
      continue;
    std::string_view digits = behind(parameter, 2);
    if (digits != "0" && upTo(digits, 2) != "0.")
      return whole;
    digits.remove_prefix(digits.size() < 2 ? 1 : 2);
    int weight = 0;
    for (size_t i = 0; i < 3; ++i)
      weight = 10 * weight + (i < digits.size() && digits[i] >= '0' && digits[i] <= '9' ? digits[i] - '0' : 0);
    return weight;
  }
  return whole;
}

} // namespace

const char *flux_http_method(const flux_http_request *request) { return request->text(request->method).data(); }

const char *flux_http_target(const flux_http_request *request) { return request->text(request->target).data(); }

const char *flux_http_path(const flux_http_request *request, size_t *length) { return give(request->path, length); }

const char *flux_http_query(const flux_http_request *request, size_t *length) {
  return request->hasQuery ? give(request->text(request->query), length) : nullptr;
}

const char *flux_http_host(const flux_http_request *request, size_t *length) { return give(request->host, length); }

const char *flux_http_field(const flux_http_request *request, const char *name, size_t *length) {
  const unsigned index = request->find(name);
  return index != request->fieldCount ? give(request->value(index), length) : nullptr;
}

int flux_http_weight(const flux_http_request *request, const char *name, const char *word) {
  FieldList list(*request, name);
  for (std::string_view element; list.next(element);) {
    const std::string_view plain = upTo(element, element.find(';'));
    if (sameWord(trimmed(plain), word))
      return weightOf(behind(element, plain.size()));
  }
  return -1;
}

bool flux_http_lists(const flux_http_request *request, const char *name, const char *word) {
  return flux_http_weight(request, name, word) > 0;
}

int flux_http_select(const flux_http_request *request, const flux_http_document *document, uint64_t *first,
                     uint64_t *length) {
  Representation representation;
  if (document->etag)
    representation.etag = document->etag;
  representation.modified = document->modified;
  const int64_t now = currentTime();
  Range range;
  int status = evaluateConditions(*request, representation, now);
  if (status == 0)
    status = evaluateRange(*request, representation, document->size, now, range);
  if (status == 200)
    range.length = document->size;
  *first = range.first;
  *length = range.length;
  return status;
}

const char *flux_http_media_type(const char *name) { return mediaType(name).data(); }

char *flux_http_date(int64_t time, char *text) {
  writeDate(time, text);
  text[dateLength] = '\0';
  return text;
}
