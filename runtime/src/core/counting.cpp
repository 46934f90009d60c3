#include "core/counting.h"

namespace flux {

void Histogram::add(const Histogram &other) {
  for (unsigned i = 0; i < kBuckets; ++i)
    buckets[i] += peek(other.buckets[i]);
  sum += peek(other.sum);
  if (other.max() > largest)
    largest = other.max();
}

uint64_t Histogram::count() const {
  uint64_t total = 0;
  for (const uint64_t &bucket : buckets)
    total += peek(bucket);
  return total;
}

uint64_t Histogram::mean() const {
  const uint64_t total = count();
  return total > 0 ? peek(sum) / total : 0;
}

/// What stands for the values of a bucket.
uint64_t Histogram::middleOf(unsigned index) {
  if (index < 2u << kSubBits)
    return index;
  const unsigned exponent = (index >> kSubBits) - 1;
  const uint64_t least = uint64_t((index & ((1u << kSubBits) - 1)) | (1u << kSubBits)) << exponent;
  return least + (uint64_t(1) << exponent) / 2;
}

uint64_t Histogram::quantile(unsigned perMille) const {
  const uint64_t total = count();
  // Which value it is in their order, from 1 up.
  const uint64_t rank = (total * perMille + 999) / 1000;
  uint64_t seen = 0;
  for (unsigned i = 0; i < kBuckets && total > 0; ++i) {
    seen += peek(buckets[i]);
    if (seen >= rank && seen > 0)
      return middleOf(i) < max() ? middleOf(i) : max();
  }
  return max();
}

} // namespace flux
