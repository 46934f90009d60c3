#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>

namespace flux {

Text::Text(char *buffer, size_t size) : buffer(buffer), size(size) {
  if (size > 0)
    *buffer = 0;
}

void Text::add(const char *format, ...) {
  const size_t room = written < size ? size - written : 0;
  va_list arguments;
  va_start(arguments, format);
  const int added = vsnprintf(room > 0 ? buffer + written : nullptr, room, format, arguments);
  va_end(arguments);
  written += added > 0 ? static_cast<size_t>(added) : 0;
}

void Text::put(char c) {
  if (written + 1 < size) {
    buffer[written] = c;
    buffer[written + 1] = 0;
  }
  ++written;
}

} // namespace flux
