//===- Random.h - Numbers that are the same for the same seed on every machine ------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_RANDOM_H
#define FLUX_UTILS_LOCKEXPLORER_RANDOM_H

#include <cstdint>
#include <random>

namespace explorer {

class Random {
public:
  explicit Random(uint64_t seed) : numbers(seed) {}

  // Not std::uniform_int_distribution, which every library implements in its own way.
  unsigned below(unsigned bound) { return numbers() % bound; }
  unsigned between(unsigned low, unsigned high) { return low + below(high - low + 1); }
  bool chance(unsigned percent) { return below(100) < percent; }

private:
  std::mt19937_64 numbers;
};

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_RANDOM_H
