#include "poll/generations.h"

#include "core/os/real.h"

namespace flux {

constinit Generations generations;

/// Makes the number known to who closes ranges. If one is being closed just now, waits: it may be one of them.
void Generations::raise(int fd) {
  fd = static_cast<int>(placeOf(fd));
  int before = end.load(std::memory_order_relaxed);
  while (before <= fd && !end.compare_exchange_weak(before, fd + 1, std::memory_order_seq_cst)) {
  }
  while (rangesClosing.load(std::memory_order_seq_cst) != 0)
    real::sched_yield();
}

} // namespace flux
