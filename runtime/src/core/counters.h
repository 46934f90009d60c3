/// counters.h - what the runtime counts.
///
/// Counters stand in blocks, each written by one thread at a time with plain relaxed stores, so that counting costs no
/// shared cache line; a reader sums over all blocks. A block outlives its owner and is handed to the next one, values
/// and all: memory is bounded by the largest number of owners at once, and no count is lost.
#ifndef FLUX_CORE_COUNTERS_H
#define FLUX_CORE_COUNTERS_H

#include "core/counting.h"
#include "core/last_error.h"
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
  uint64_t lost;         // flows that it has produced, neither done nor under way: the process that ran them has died
  uint64_t begun, ended; // how often somebody began to run the source, and ended
  Histogram times; // of its flows that are done, which it counts, from where they began to their end, in nanoseconds
};

struct Counters {
  Counters *next;     // all blocks
  Counters *nextFree; // blocks without an owner
  uint64_t handled;
  uint64_t unhandled;
  LastError lastError;         // of those that no handler has taken
  flux_ir_counters *functions; // one per function of the program
  uint64_t *stretches;         // one per stretch of the program, behind them
  LockCounters *locks;         // one per lock of the program
  SourceCounters *sources;     // one per source of the program
};

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

/// Adds up how many flows one source has started, an index of the program's. Any thread.
uint64_t countFlowsOf(uint64_t source);

/// Finds the failure that any block noted last. False if there is none. Any thread.
bool latestFailure(Failure &failure);

} // namespace flux

#endif // FLUX_CORE_COUNTERS_H
