/// under_way.h - what flows do at this moment.
#ifndef FLUX_CORE_SERVER_UNDER_WAY_H
#define FLUX_CORE_SERVER_UNDER_WAY_H

#include "core/context.h"
#include "core/figures.h"

namespace flux {

/// One flow or source, and where it stands.
struct Standing {
  static constexpr uint32_t kShownLocks = 8;

  const Source *source;
  bool isSource;
  int64_t session;
  int32_t node;     // FLUX_IR_NO_NODE: in none
  uint64_t startNs; // when the flow was produced; for a source kNever
  int32_t thread;   // that it blocks, or 0
  uint32_t fiber;   // that it runs on, or 0
  WaitsFor waitsFor;
  int64_t which;
  uint32_t numHeld;
  const Held *held;                // its own
  int32_t shownLocks[kShownLocks]; // the first of them
};

/// The first few of many, the oldest first.
class Oldest {
public:
  void add(const Standing &standing);

  /// Offers them as a list.
  void offer(const char *name, Figures &figures, uint64_t now) const;

private:
  static constexpr unsigned kShown = 8;

  unsigned number = 0;
  Standing shown[kShown];
};

/// All flows and sources that are under way, counted, and the oldest of each kind.
class UnderWay {
public:
  struct OfLock {
    uint64_t holding, waiting;
    Oldest holders, waiters;
  };

  UnderWay() = default;
  ~UnderWay();
  UnderWay(const UnderWay &) = delete;
  UnderWay &operator=(const UnderWay &) = delete;

  /// Makes room. False when memory is short. Any thread.
  bool open();

  /// Looks at everybody, once. Allocates nothing; waits for no flow. Any thread.
  void look();

  uint64_t flows() const { return numFlows; } // that have begun
  uint64_t flowsIn(uint64_t function) const { return inFunction[function]; }
  const OfLock &ofLock(uint64_t lock) const { return locks[lock]; }
  const Oldest &oldest() const { return oldestFlows; }

private:
  static void see(void *self, Context &context);
  void add(const Standing &standing);

  uint64_t numFlows = 0;
  uint64_t *inFunction = nullptr;
  OfLock *locks = nullptr;
  Oldest oldestFlows;
};

} // namespace flux

#endif // FLUX_CORE_SERVER_UNDER_WAY_H
