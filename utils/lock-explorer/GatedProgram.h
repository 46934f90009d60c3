//===- GatedProgram.h - Programs made of nested regions ------------------------------------------------*- C++ -*-===//
//
// A gate is a lock around others: flows that hold it for writing keep each other from meeting further inside. Which
// deadlocks are left then is what the proof finds hardest.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_UTILS_LOCKEXPLORER_GATEDPROGRAM_H
#define FLUX_UTILS_LOCKEXPLORER_GATEDPROGRAM_H

#include "Random.h"
#include <string>
#include <vector>

namespace explorer {

/// One lock of a region.
struct Use {
  unsigned lock;
  bool reads = false;
};

/// A region with what it contains; without locks and contents, the call of a node.
struct Step {
  std::vector<Use> holds;
  std::vector<Step> body;
  unsigned node = 0; ///< the number of the node
};

class GatedProgram {
public:
  /// The program in Flux. Equal regions are one flow if they are `shared`.
  std::string text() const;

  std::vector<bool> isSession;               ///< of each lock
  std::vector<Step> branches;                ///< of which a flow takes one
  std::vector<Use> handler;                  ///< what the handler of the nodes takes; without any, errors end the flow
  bool isShared = false, hasSources = false; ///< a source for each branch instead of a dispatch
};

/// Flows of `sessions` sessions, each of which does one half of the others' work, deadlock in this program, and not
/// those of fewer sessions: the circle comes through one region once for each session. Two sessions need 6 flows,
/// three need 9.
GatedProgram gatedCircle(unsigned sessions);

/// A program that differs from that of two sessions in one thing.
struct Neighbour {
  std::string title;
  GatedProgram program;
};

/// All that are one step away, each step of its kind in every place.
std::vector<Neighbour> neighboursOfGatedCircle();

/// Some steps away from it.
GatedProgram mutatedGatedCircle(Random &random);

/// A program in which a flow may park with a lock on one way and waits for a reader that parks on another, by up to 4
/// changes.
GatedProgram mutatedParking(Random &random);

/// Up to 4 branches of up to 3 regions one in the other, with up to 4 locks and 3 nodes.
GatedProgram smallGatedProgram(Random &random);

/// Up to 6 branches of up to 4 regions one in the other, with up to 8 locks.
GatedProgram randomGatedProgram(Random &random);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_GATEDPROGRAM_H
