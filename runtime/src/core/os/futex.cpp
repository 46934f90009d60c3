#include "core/os/futex.h"

#include "core/os/cpus.h"

namespace flux {

namespace {

unsigned spins = 0;

} // namespace

unsigned spinBudget() { return spins; }

void cpuRelax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void calibrateSpinning() {
  constexpr unsigned kSpins = 64;
  spins = numAllowedCpus() > 1 ? kSpins : 0;
}

void spinWhile(const std::atomic<uint32_t> &word, uint32_t unwanted) {
  // Relaxed: what comes next synchronises.
  for (unsigned i = 0; i < spins && word.load(std::memory_order_relaxed) == unwanted; ++i)
    cpuRelax();
}

} // namespace flux
