#include "core/server/rates.h"

#include "core/os/clock.h"

#include <atomic>
#include <new>
#include <sys/mman.h>

namespace flux {

/// Two notes, each a time and the counts behind it; `latest` is the one that was made last.
struct Rates::Notes {
  std::atomic<uint64_t> version; // odd while one is made
  std::atomic<uint64_t> latest;
  std::atomic<uint64_t> values[];
};

bool Rates::open(uint64_t count, uint64_t startNs) {
  number = count;
  const size_t size = sizeof(Notes) + 2 * (count + 1) * sizeof(std::atomic<uint64_t>);
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return false;
  notes = static_cast<Notes *>(memory);
  for (uint64_t note = 0; note < 2; ++note)
    notes->values[note * (count + 1)].store(startNs, std::memory_order_relaxed);
  return true;
}

bool Rates::isDue(uint64_t now) const {
  const uint64_t latest = notes->latest.load(std::memory_order_relaxed);
  return now - notes->values[latest * (number + 1)].load(std::memory_order_relaxed) >= kNsPerSecond;
}

void Rates::note(uint64_t now, uint64_t (*countOf)(uint64_t i)) {
  // Only the main thread writes. Release: who sees a value of the note sees that one is being made.
  notes->version.store(notes->version.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  const uint64_t next = 1 - notes->latest.load(std::memory_order_relaxed);
  std::atomic<uint64_t> *values = notes->values + next * (number + 1);
  values[0].store(now, std::memory_order_release);
  for (uint64_t i = 0; i < number; ++i)
    values[i + 1].store(countOf(i), std::memory_order_release);
  notes->latest.store(next, std::memory_order_release);
  notes->version.store(notes->version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

bool Rates::before(uint64_t now, uint64_t &noted, uint64_t *counts) const {
  for (int tries = 0; tries < 4; ++tries) {
    // Acquire throughout, so that the version is new if anything else was.
    const uint64_t version = notes->version.load(std::memory_order_acquire);
    const uint64_t latest = notes->latest.load(std::memory_order_acquire) & 1;
    const std::atomic<uint64_t> *values = notes->values + latest * (number + 1);
    if (now - values[0].load(std::memory_order_acquire) < kNsPerSecond)
      values = notes->values + (1 - latest) * (number + 1);
    noted = values[0].load(std::memory_order_acquire);
    for (uint64_t i = 0; i < number; ++i)
      counts[i] = values[i + 1].load(std::memory_order_acquire);
    if (version % 2 == 0 && notes->version.load(std::memory_order_relaxed) == version)
      return true;
  }
  return false;
}

} // namespace flux
