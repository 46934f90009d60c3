/// rates.h - how many flows a second sources start, lately.
#ifndef FLUX_CORE_SERVER_RATES_H
#define FLUX_CORE_SERVER_RATES_H

#include <stdint.h>

namespace flux {

/// A rate takes two looks at what is counted anyway. The main thread, when it is awake for something else, notes what
/// has been counted, once a second at most and usually four times per --flux-hang-ms, so that a snapshot can compare
/// with a note that is a second old at least. Notes are in memory that the processes of a server share.
class Rates {
public:
  /// Makes room for so many counts, which began as 0 at `startNs`. False when memory is short. Main thread, once.
  bool open(uint64_t count, uint64_t startNs);

  /// Whether a note would be made now. Main thread.
  bool isDue(uint64_t now) const;

  /// Notes the counts, which `countOf` returns. Main thread.
  void note(uint64_t now, uint64_t (*countOf)(uint64_t i));

  /// Fills `counts` with the latest note that is a second old at least, or the oldest there is, and returns when that
  /// was made. False if notes are made all the time. Any thread of any process; never waits.
  bool before(uint64_t now, uint64_t &noted, uint64_t *counts) const;

private:
  struct Notes;
  Notes *notes = nullptr;
  uint64_t number = 0;
};

} // namespace flux

#endif // FLUX_CORE_SERVER_RATES_H
