#include "core/log.h"

#include "core/os/clock.h"
#include "core/runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

namespace flux {

void logMessage(const char *format, ...) {
  char line[1024];
  const int capacity = sizeof line - 1; // room for the line's end
  int length = runtime.program && runtime.program->name ? snprintf(line, capacity, "flux: %s: ", runtime.program->name)
                                                        : snprintf(line, capacity, "flux: ");
  if (length >= capacity)
    length = capacity - 1;
  va_list arguments;
  va_start(arguments, format);
  length += vsnprintf(line + length, static_cast<size_t>(capacity - length), format, arguments);
  va_end(arguments);
  if (length >= capacity)
    length = capacity - 1;
  line[length++] = '\n';
  // There is nowhere to report that standard error does not take it.
  if (write(STDERR_FILENO, line, static_cast<size_t>(length)) < 0)
    return;
}

bool RateLimit::admit(uint64_t &suppressed) {
  const uint64_t now = nowNs() / kNsPerSecond;
  uint64_t window = second.load(std::memory_order_relaxed);
  if (window != now && second.compare_exchange_strong(window, now, std::memory_order_relaxed))
    used.store(0, std::memory_order_relaxed);
  if (used.fetch_add(1, std::memory_order_relaxed) >= kPerSecond) {
    hidden.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  suppressed = hidden.exchange(0, std::memory_order_relaxed);
  return true;
}

} // namespace flux
