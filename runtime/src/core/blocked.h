/// blocked.h - what a flow or a source waits for, as others can see it.
#ifndef FLUX_CORE_BLOCKED_H
#define FLUX_CORE_BLOCKED_H

#include <atomic>
#include <stdint.h>

namespace flux {

/// What ends a wait.
enum class WaitsFor : uint32_t {
  Nothing,
  Constraint, // the holders of one of the program's locks; `which` is its index
  Descriptor, // one descriptor, `which`, that becomes ready
  Mutex,      // a mutex of the program's; `which` is its address
  Flow,       // something else that another flow or a thread does
  Room,       // a flow that ends, so that another one can begin
  Time        // time, if nothing else does
};

/// A note on what the flow of a context waits for. Written by what blocks it, where it blocks, and only there: a flow
/// that does not wait pays nothing. Read by the hang watch at any time.
class Blocked {
public:
  /// The wait begins. On the flow.
  void begin(WaitsFor what, int64_t which = 0) {
    // Relaxed, but for the count: who finds it the same before and behind the rest has read one note.
    reason.store(what, std::memory_order_relaxed);
    detail.store(which, std::memory_order_relaxed);
    waits.store(waits.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// It has ended. On the flow.
  void end() { waits.store(waits.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  /// How often waits have begun and ended: odd during one. Any thread.
  uint64_t changes() const { return waits.load(std::memory_order_acquire); }

  /// What the latest wait is for. Any thread; true only while changes() stays what it was.
  WaitsFor what() const { return reason.load(std::memory_order_relaxed); }
  int64_t which() const { return detail.load(std::memory_order_relaxed); }

private:
  std::atomic<uint64_t> waits{0};
  std::atomic<WaitsFor> reason{WaitsFor::Nothing};
  std::atomic<int64_t> detail{0};
};

} // namespace flux

#endif // FLUX_CORE_BLOCKED_H
