#include "posix/helper_uses.h"

#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "core/os/thread_call.h"

#include <atomic>

namespace flux {

namespace {

/// What a helper uses.
struct Use {
  std::atomic<pid_t> thread; // 0: the place is free
  std::atomic<int> fd;       // known while there is a thread; kNone before that
};
constexpr int kNone = -1;
constexpr unsigned kPlaces = 1024;
Use uses[kPlaces];
std::atomic<unsigned> numPlaces{0}; // which have been used so far

/// Whether the kernel says that the thread sleeps in a system call on the number, so that it has its file. If it does
/// not say, no.
bool sleepsInCallOn([[maybe_unused]] pid_t thread, [[maybe_unused]] int fd) {
#ifdef FLUX_TSAN
  return false; // It would take closing during a call for a race, so who closes waits for the end.
#else
  const ThreadCall call = readThreadCall(thread);
  return call.sleeps && call.argument[0] == static_cast<uint64_t>(fd);
#endif
}

} // namespace

HelperUse::HelperUse(int fd) {
  const pid_t self = gettid();
  for (place = 0;; place = (place + 1) % kPlaces) {
    pid_t none = 0;
    // Acquire: who closes a number that was used here before learns of the end of that by what is here then.
    if (uses[place].thread.load(std::memory_order_relaxed) == 0 &&
        uses[place].thread.compare_exchange_strong(none, self, std::memory_order_acquire, std::memory_order_relaxed))
      break;
    if (place == kPlaces - 1)
      real::sched_yield();
  }
  // All sequentially consistent, here and in awaitUnusedByHelpers(): either the closer sees the place and the number in
  // it, or the helper sees that another generation has begun.
  unsigned before = numPlaces.load(std::memory_order_seq_cst);
  while (before <= place && !numPlaces.compare_exchange_weak(before, place + 1, std::memory_order_seq_cst)) {
  }
  uses[place].fd.store(fd, std::memory_order_seq_cst);
}

HelperUse::~HelperUse() {
  // Release: what closes the number does so after the system call.
  uses[place].fd.store(kNone, std::memory_order_release);
  uses[place].thread.store(0, std::memory_order_release);
}

void awaitUnusedByHelpers(int fd) {
  const unsigned places = numPlaces.load(std::memory_order_seq_cst);
  for (unsigned i = 0; i < places; ++i)
    while (uses[i].fd.load(std::memory_order_seq_cst) == fd) {
      const pid_t thread = uses[i].thread.load(std::memory_order_relaxed);
      if (thread == 0 || thread == gettid() || sleepsInCallOn(thread, fd))
        break;
      real::sched_yield();
    }
}

} // namespace flux
