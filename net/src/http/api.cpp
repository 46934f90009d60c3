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

/// True if the parameters of an element, from its first semicolon on, have a weight of 0 (RFC 9110, 12.4.2).
bool weighsNothing(std::string_view parameters) {
  while (!parameters.empty()) {
    parameters.remove_prefix(1);
    const size_t next = parameters.find(';');
    const std::string_view parameter = trimmed(upTo(parameters, next));
    parameters = behind(parameters, next);
    if (sameWord(upTo(parameter, 3), "q=0"))
      return parameter.find_first_not_of("0.", 3) == std::string_view::npos;
  }
  return false;
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

bool flux_http_lists(const flux_http_request *request, const char *name, const char *word) {
  FieldList list(*request, name);
  for (std::string_view element; list.next(element);) {
    const std::string_view plain = upTo(element, element.find(';'));
    if (sameWord(trimmed(plain), word) && !weighsNothing(behind(element, plain.size())))
      return true;
  }
  return false;
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
