// original.h - pictures as they lie on the disk, below the root.
#ifndef IMAGE_FILES_ORIGINAL_H
#define IMAGE_FILES_ORIGINAL_H

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace image {

/// What tells one version of a file from another.
struct Stamp {
  uint64_t device = 0, inode = 0;
  int64_t size = 0;
  struct timespec modified = {};

  bool operator==(const Stamp &other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec;
  }
};

struct Original {
  Stamp stamp;
  std::unique_ptr<uint8_t[]> bytes;

  size_t size() const { return static_cast<size_t>(stamp.size); }
};

/// Makes `directory` the root of all originals, none of which has more than `maxBytes`. Returns 0 or an errno value.
int openRoot(const char *directory, int64_t maxBytes);

/// Reads the file that `path` names, but for its bytes if it is still the one that `known` (may be null) tells of. What
/// leads out of the root is refused by the kernel. Returns 0 or an HTTP status: 403, 404, 413, 500, 503.
int readOriginal(const std::string &path, const Stamp *known, Original &original);

} // namespace image

#endif // IMAGE_FILES_ORIGINAL_H
