/// vectors.h - the buffers of readv(), writev() and their like, of which a part has been transferred.
#ifndef FLUX_POSIX_VECTORS_H
#define FLUX_POSIX_VECTORS_H

#include <stddef.h>
#include <sys/uio.h>

namespace flux {

inline size_t sizeOf(const iovec *parts, size_t count) {
  size_t size = 0;
  for (size_t i = 0; i < count; ++i)
    size += parts[i].iov_len;
  return size;
}

/// The next few parts of a vector of which `done` bytes have been transferred.
struct Window {
  static constexpr size_t kParts = 16;
  iovec parts[kParts];
  size_t count = 0;

  Window(const iovec *all, size_t numAll, size_t done) {
    for (size_t i = 0; i < numAll && count < kParts; ++i) {
      const size_t skipped = done < all[i].iov_len ? done : all[i].iov_len;
      done -= skipped;
      if (skipped < all[i].iov_len)
        parts[count++] = {static_cast<char *>(all[i].iov_base) + skipped, all[i].iov_len - skipped};
    }
  }
};

} // namespace flux

#endif // FLUX_POSIX_VECTORS_H
