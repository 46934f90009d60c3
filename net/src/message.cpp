#include "message.h"

#include <stdarg.h>
#include <stdio.h>

namespace flux::net {

void complain(const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "flux/net: %s\n", text); // at once, so that lines of several threads stay whole
}

} // namespace flux::net
