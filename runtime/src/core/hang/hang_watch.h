/// hang_watch.h - finds flows that wait for each other in a way that no lock order rules out.
///
/// The compiler proves that constraints alone never make flows wait in a circle. What it cannot see are a program's own
/// mutexes, pipes from flow to flow, workers that are all taken while what would free them is still in the queue, and
/// sources that wait for room. All these are looked at here while the server runs.
#ifndef FLUX_CORE_HANG_HANG_WATCH_H
#define FLUX_CORE_HANG_HANG_WATCH_H

#include "core/hang/saturation.h"

#include <stdint.h>

namespace flux {

/// Looks at all flows and sources four times per --flux-hang-ms, and prints once which of them wait for what, and who
/// has it, when some have waited for so long that nothing which may come from outside can ever end it. Those that wait
/// for a client, for another process, for time or for a thread of the program's own are not among them, nor who waits
/// for those. See wait_graph.h for what decides.
///
/// At the same time it sees to it that limits which are reached are said (saturation.h).
///
/// Nobody else pays for it but who blocks anyway (Blocked): what a thread is in that has no note, the kernel says.
/// Everything is for the main thread.
class HangWatch {
public:
  /// Does nothing before the next look is due.
  void look();

  /// When that is; kNever if it is switched off.
  uint64_t due() const;

private:
  void lookForHang(bool hasRoom);

  Saturation saturation;
  uint64_t nextNs = 0;
  int looksThatAgree = 0; // so many in a row have found a hang, of those that it takes
};

} // namespace flux

#endif // FLUX_CORE_HANG_HANG_WATCH_H
