/// descriptor_set.h - a set of descriptors that several threads share.
#ifndef FLUX_POLL_DESCRIPTOR_SET_H
#define FLUX_POLL_DESCRIPTOR_SET_H

#include <atomic>
#include <stddef.h>
#include <stdint.h>

namespace flux {

/// A bit each. There is room for as many descriptors as processes have by default; beyond that, all count as one. Any
/// thread, also a signal handler; orders nothing by itself.
class DescriptorSet {
public:
  void add(int fd) { wordOf(fd).fetch_or(bitOf(fd), std::memory_order_relaxed); }

  /// The same, and the opposite, for a set that one thread alone changes.
  void addAlone(int fd) { setAlone(fd, wordOf(fd).load(std::memory_order_relaxed) | bitOf(fd)); }
  void removeAlone(int fd) { setAlone(fd, wordOf(fd).load(std::memory_order_relaxed) & ~bitOf(fd)); }

  bool has(int fd) const { return (wordOf(fd).load(std::memory_order_relaxed) & bitOf(fd)) != 0; }

  /// Empties the set, calling `f(fd)` for each; the descriptors beyond are given as kBeyond.
  template <typename F> void takeEach(F f) {
    for (size_t i = 0; i < kWords; ++i)
      // Looked at first: a write would take the line away from others.
      for (uint64_t word = words[i].load(std::memory_order_relaxed) ? words[i].exchange(0, std::memory_order_relaxed)
                                                                    : 0;
           word; word &= word - 1)
        f(static_cast<int>(i * kBits) + __builtin_ctzll(word));
  }

  static constexpr int kBeyond = 65535;

private:
  static constexpr size_t kBits = 64, kWords = (kBeyond + 1) / kBits;

  static size_t place(int fd) { return static_cast<size_t>(fd < kBeyond ? fd : kBeyond); }
  static uint64_t bitOf(int fd) { return uint64_t(1) << place(fd) % kBits; }
  const std::atomic<uint64_t> &wordOf(int fd) const { return words[place(fd) / kBits]; }
  void setAlone(int fd, uint64_t word) { wordOf(fd).store(word, std::memory_order_relaxed); }
  std::atomic<uint64_t> &wordOf(int fd) { return words[place(fd) / kBits]; }

  std::atomic<uint64_t> words[kWords] = {};
};

} // namespace flux

#endif // FLUX_POLL_DESCRIPTOR_SET_H
