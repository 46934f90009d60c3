/// request.cpp - the parts of a request that others ask for.
#include "http/request.h"
#include "http/characters.h"
#include "http/list.h"

using namespace flux::http;

unsigned flux_http_request::find(std::string_view wanted, unsigned index) const {
  while (index < fieldCount && !sameWord(name(index), wanted))
    ++index;
  return index;
}

bool flux_http_request::single(std::string_view wanted, std::string_view &value) const {
  const unsigned index = find(wanted);
  if (index == fieldCount || find(wanted, index + 1) != fieldCount)
    return false;
  value = this->value(index);
  return true;
}

namespace flux::http {

bool FieldList::next(std::string_view &element) {
  while (!nextElement(rest, element)) {
    index = request.find(name, index);
    if (index == request.fieldCount)
      return false;
    rest = request.value(index++);
  }
  return true;
}

} // namespace flux::http
