/// text.h - text that grows in a buffer of somebody else's.
#ifndef FLUX_CORE_TEXT_H
#define FLUX_CORE_TEXT_H

#include <stddef.h>

namespace flux {

/// Writes at most `size` bytes, the zero at the end included, and counts what does not fit. Allocates nothing.
class Text {
public:
  Text(char *buffer, size_t size);
  Text(const Text &) = delete;
  Text &operator=(const Text &) = delete;

  void add(const char *format, ...) __attribute__((format(printf, 2, 3)));
  void put(char c);

  /// How long it is, what does not fit included.
  size_t length() const { return written; }

private:
  char *const buffer;
  const size_t size;
  size_t written = 0;
};

} // namespace flux

#endif // FLUX_CORE_TEXT_H
