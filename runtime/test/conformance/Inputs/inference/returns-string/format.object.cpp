#include <string>
#include <unistd.h>

namespace text {
template <typename T> std::string format(T value) { return usleep(200), std::to_string(value); }
template std::string format<int>(int value);
} // namespace text
