// cache.h - results that may be asked for again.
#ifndef IMAGE_FILES_CACHE_H
#define IMAGE_FILES_CACHE_H

#include "files/result.h"

#include <list>
#include <string_view>
#include <unordered_map>

namespace image {

/// The results that were used last, up to a number of bytes. One flow at a time uses it: the constraint `cache` of
/// image.flux sees to that, so there is no lock in it.
class Cache {
public:
  explicit Cache(int64_t maxBytes) : maxBytes(maxBytes) {}

  /// The result of that key, or none.
  Reference find(std::string_view key);

  /// Keeps a result in the place of any other of its key.
  void store(const Reference &result);

  /// Gives up those that were not used for longest until the others fit. What a flow has is kept until that has ended:
  /// giving it up would free nothing.
  void shrink();

private:
  std::list<Reference> latest;                                                // the latest first
  std::unordered_map<std::string_view, std::list<Reference>::iterator> byKey; // the keys lie in the results
  const int64_t maxBytes;
  int64_t bytes = 0;
};

} // namespace image

#endif // IMAGE_FILES_CACHE_H
