/// counting.h - counters and histograms, which one thread at a time writes, and any reads.
#ifndef FLUX_CORE_COUNTING_H
#define FLUX_CORE_COUNTING_H

#include <stdint.h>

namespace flux {

/// Adds to a counter that the caller owns. Readers of other threads see the old or the new value.
inline void bump(uint64_t &counter, uint64_t by = 1) {
  // Relaxed, and no read-modify-write: there is one writer.
  __atomic_store_n(&counter, __atomic_load_n(&counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

/// Reads a counter that another thread may be writing. Relaxed: a snapshot orders nothing.
inline uint64_t peek(const uint64_t &counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

/// Counts values in buckets that are as wide as the values are large: each power of two has 16 buckets of one width,
/// and below 32 each value has its own. This is the log-linear histogram of HdrHistogram (Tene, 2012); that such
/// histograms are merged by adding, and what follows for quantiles, is told in "DDSketch: A Fast and Fully-Mergeable
/// Quantile Sketch with Relative-Error Guarantees" (Masson, Rim and Lee, PVLDB 12, 2019).
///
/// A quantile differs from the exact one by 1/32 of it at most; count, sum and maximum are exact. Values from 2^48 up,
/// three days of nanoseconds, are in the last bucket.
///
/// Zeroed memory is an empty one. One thread at a time records, any may read meanwhile.
class Histogram {
public:
  /// For whoever owns it.
  void record(uint64_t value) {
    bump(buckets[indexOf(value)]);
    bump(sum, value);
    if (value > peek(largest))
      __atomic_store_n(&largest, value, __ATOMIC_RELAXED);
  }

  /// Adds what another one has counted, in which others may be recording. For whoever owns this one.
  void add(const Histogram &other);

  /// Returns how many values have been recorded.
  uint64_t count() const;

  /// Returns their mean, rounded down; 0 if there are none.
  uint64_t mean() const;

  /// Returns the least value that `perMille` of a thousand values do not exceed, with the error above; 0 if there are
  /// none.
  uint64_t quantile(unsigned perMille) const;

  uint64_t max() const { return peek(largest); }

private:
  static constexpr unsigned kSubBits = 4, kBits = 48;
  static constexpr unsigned kBuckets = (kBits - kSubBits + 1) << kSubBits;

  static unsigned indexOf(uint64_t value) {
    constexpr uint64_t kMost = (uint64_t(1) << kBits) - 1;
    const uint64_t counted = value < kMost ? value : kMost;
    const unsigned exponent = 63 - static_cast<unsigned>(__builtin_clzll(counted | (1u << kSubBits))) - kSubBits;
    return (exponent << kSubBits) + static_cast<unsigned>(counted >> exponent);
  }
  static uint64_t middleOf(unsigned index);

  uint64_t buckets[kBuckets];
  uint64_t sum;
  uint64_t largest;
};

} // namespace flux

#endif // FLUX_CORE_COUNTING_H
