/// log.h - messages of the runtime on standard error.
#ifndef FLUX_CORE_LOG_H
#define FLUX_CORE_LOG_H

#include <atomic>
#include <stdint.h>

namespace flux {

/// Writes `flux: <program>: <message>` as one line with one system call. Any thread; never fails visibly.
void logMessage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Lets a few messages a second through. Zero-initialised is ready to use. Any thread.
class RateLimit {
public:
  /// Returns whether a message may be written now. If so, `suppressed` says how many were not since the last time.
  bool admit(uint64_t &suppressed);

private:
  static constexpr uint32_t kPerSecond = 10;
  // Relaxed throughout: two threads at the turn of a second may let one message more through, which harms nobody.
  std::atomic<uint64_t> second{0};
  std::atomic<uint32_t> used{0};
  std::atomic<uint64_t> hidden{0};
};

} // namespace flux

#endif // FLUX_CORE_LOG_H
