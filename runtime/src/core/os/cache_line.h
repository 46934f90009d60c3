/// cache_line.h - memory whose cache lines nobody else writes to.
#ifndef FLUX_CORE_OS_CACHE_LINE_H
#define FLUX_CORE_OS_CACHE_LINE_H

#include <stddef.h>

namespace flux {

/// Bytes of a cache line, on every processor that the runtime is built for.
constexpr size_t kCacheLine = 64;

/// The next multiple of `unit` that is not below `size`.
constexpr size_t roundUp(size_t size, size_t unit = kCacheLine) { return (size + unit - 1) / unit * unit; }

} // namespace flux

#endif // FLUX_CORE_OS_CACHE_LINE_H
