/// counters.h - what the runtime counts.
///
/// Counters stand in blocks, each written by one thread at a time with plain relaxed stores, so that counting costs no
/// shared cache line; a reader sums over all blocks. A block outlives its owner and is handed to the next one, values
/// and all: memory is bounded by the largest number of owners at once, and no count is lost.
#ifndef FLUX_CORE_COUNTERS_H
#define FLUX_CORE_COUNTERS_H

#include "flux/rt/context.h"

#include <stddef.h>
#include <stdint.h>

namespace flux {

struct LockCounters {
  uint64_t acquisitions; // without nested ones
  uint64_t contended;    // of these, how many had to wait
  uint64_t waitNs;
};

struct SourceCounters {
  uint64_t polls;
  uint64_t flows;
  uint64_t failures;
  uint64_t begun, ended; // how often somebody began to run the source, and ended
};

struct Counters {
  Counters *next;     // all blocks
  Counters *nextFree; // blocks without an owner
  uint64_t flowsDone;
  uint64_t flowsLost; // produced, but neither done nor under way, since the process that ran them has died
  uint64_t handled;
  uint64_t unhandled;
  flux_ir_counters *functions; // one per function of the program
  uint64_t *stretches;         // one per stretch of the program, behind them
  LockCounters *locks;         // one per lock of the program
  SourceCounters *sources;     // one per source of the program
};

/// Adds to a counter of a block that the caller owns. Readers of other threads see the old or the new value.
inline void bump(uint64_t &counter, uint64_t by = 1) {
  // Relaxed, and no read-modify-write: there is one writer.
  __atomic_store_n(&counter, __atomic_load_n(&counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

/// Reads a counter that another thread may be writing. Relaxed: a snapshot orders nothing.
inline uint64_t peek(const uint64_t &counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

/// Returns a block sized for the program, or null when memory is short. Any thread.
Counters *acquireCounters();

/// The bytes of a block, and making one of so much zeroed memory, aligned to 64 bytes, which stays for good: what an
/// owner counts in memory that processes share is summed up in all of them. Any thread.
size_t countersSize();
Counters *placeCounters(void *memory);

/// Gives a block back for the next owner. Any thread.
void releaseCounters(Counters *counters);

/// Adds all blocks up into `total`, whose arrays the caller provides zeroed. Flows are counted as started only after
/// those that are done were counted, so that there are never more of these. Any thread; never waits for an owner.
void sumCounters(Counters &total);

} // namespace flux

#endif // FLUX_CORE_COUNTERS_H
