//===- Explorer.h - Looks by brute force for flows that wait for each other ---------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_EXPLORER_H
#define FLUX_UTILS_LOCKEXPLORER_EXPLORER_H

#include "LockModel.h"

namespace explorer {

/// A flow that goes from point to point.
struct Walker {
  unsigned session, point;
  bool operator==(const Walker &other) const { return session == other.session && point == other.point; }
};

/// The flow with this number, counted from 0, starts at a point or comes to it.
struct Move {
  unsigned flow, point;
};

struct Verdict {
  bool deadlocks = false;
  unsigned flows = 0;         ///< the fewest that deadlock; else the most of which all circles were tried
  bool isComplete = false;    ///< no number of flows deadlocks
  size_t states = 0;          ///< that were looked at
  std::vector<Walker> circle; ///< each flow waits for the next, the last for the first
  std::vector<Move> way;      ///< what brings them there
};

/// Whether the flows of a circle may stand at one point twice, in different sessions.
enum class Repeats { Yes, No };

/// Looks for circles of 1, 2, ... up to `maxFlows` flows in any sessions, and for a way to them. Gives up, with the
/// number that it has come to, where it needs to look at more than `maxStates`.
Verdict explore(const LockModel &model, unsigned maxFlows, size_t maxStates, Repeats repeats = Repeats::Yes);

/// Who holds and wants what in a circle.
std::string describe(const LockModel &model, const std::vector<Walker> &circle);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_EXPLORER_H
