// A template whose instance is elsewhere. Its symbol begins with what it returns.
#include "attacked.h"
#include <string>

namespace text {
template <typename T> std::string format(T value);
extern template std::string format<int>(int value);
} // namespace text

static void work(int n) { USE(!text::format(n).empty()); }
