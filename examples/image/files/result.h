// result.h - pictures as they are sent.
#ifndef IMAGE_FILES_RESULT_H
#define IMAGE_FILES_RESULT_H

#include "files/original.h"
#include "pictures/encode.h"

#include <atomic>
#include <string>
#include <utility>

namespace image {

/// Does not change once it is made, but for the atomics. Lives as long as anybody holds a reference.
struct Result {
  mutable std::atomic<int> references{0};

  std::string key; ///< of the orders that it is for
  Stamp stamp;     ///< of the original
  Encoded encoded;
  std::string etag;
  std::string headers;    ///< what every answer with it carries
  std::string validators; ///< those of them that tell whether a copy is still right

  /// When the original was last seen to be the same, in monotonic milliseconds. Flows read it that do not have the
  /// cache.
  mutable std::atomic<int64_t> checked{0};

  /// What it costs to keep, its share of the containers included.
  int64_t cost() const;
};

/// A counted reference to a result, or none. (A std::shared_ptr would do, but ends what it owns through a pointer to a
/// function, of which the compiler could not know that it never blocks: on event loops the cache would be locked.)
class Reference {
public:
  Reference() = default;
  explicit Reference(const Result *result) : result(result) { hold(); }
  Reference(const Reference &other) : result(other.result) { hold(); }
  Reference(Reference &&other) noexcept : result(other.result) { other.result = nullptr; }
  Reference &operator=(Reference other) noexcept {
    std::swap(result, other.result);
    return *this;
  }
  ~Reference() {
    // Release: our reads come before the deletion; acquire: the deletion comes after everybody's.
    if (result && result->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete result;
  }

  const Result *get() const { return result; }
  const Result *operator->() const { return result; }
  const Result &operator*() const { return *result; }
  explicit operator bool() const { return result != nullptr; }

private:
  void hold() {
    // Relaxed: who hands out a reference has one, so nothing is ordered by taking another.
    if (result)
      result->references.fetch_add(1, std::memory_order_relaxed);
  }

  const Result *result = nullptr;
};

/// Lets clients and proxies keep results for so many seconds. Before the first is described.
void setMaxAge(int64_t seconds);

/// Fills in the texts of a result whose other members are set.
void describe(Result &result);

/// Whether the original was the same not long ago.
bool isFresh(const Result &result);

int64_t monotonicMs();

} // namespace image

#endif // IMAGE_FILES_RESULT_H
