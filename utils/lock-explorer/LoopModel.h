//===- LoopModel.h - What flows do on event loops, before and after locks were removed -----------------*- C++ -*-===//
//
// Made from the JSON of flux-translate alone, as LockModel. What is said here of loops is taken from the documentation
// of the models, and shares nothing with the pass that removes locks.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_UTILS_LOCKEXPLORER_LOOPMODEL_H
#define FLUX_UTILS_LOCKEXPLORER_LOOPMODEL_H

#include "LockModel.h"
#include <set>

namespace explorer {

/// A flow is about to run a node, predicate or handler, or to ask for a lock that is left.
struct Place {
  Held inside;                ///< the constraints of the program as it was written, of the regions that it is in
  Held held;                  ///< of the locks that are left
  bool asks;                  ///< for `lock`; else it runs
  bool writes;                ///< asks to write
  bool parks;                 ///< may give way to others while it runs
  unsigned lock;              ///< only if it asks
  std::vector<unsigned> next; ///< the places, or `ended`, that may come then; in ascending order
};

struct LoopModel {
  std::vector<std::string> lockNames;
  uint32_t sessionLocks = 0;
  std::vector<Place> places;
  /// Where a call of each source may begin, and where what the source starts.
  std::vector<std::vector<unsigned>> calls, targets;
};

/// What does not park though the graph does not say so.
struct KnownCalm {
  std::set<std::string> predicates;
  std::set<size_t> handlers; ///< by their places in the program
};

/// `before` is the program with all locks, which have ranks, and `after` the same without some of them. Regions are
/// known by the line of their location, which no two share. At most 32 locks.
LoopModel makeLoopModel(const llvm::json::Object &before, const llvm::json::Object &after, const KnownCalm &calm);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_LOOPMODEL_H
