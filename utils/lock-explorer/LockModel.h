//===- LockModel.h - What a program does with its locks, and nothing else -----------------------------*- C++ -*-===//
//
// Made from the JSON of flux-translate alone, so that it shares no code with the compiler that it checks.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_UTILS_LOCKEXPLORER_LOCKMODEL_H
#define FLUX_UTILS_LOCKEXPLORER_LOCKMODEL_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace explorer {

/// Locks as bits; a lock held for writing is in `write` only.
struct Held {
  uint32_t read = 0, write = 0;
};

/// A flow is about to ask for one lock. What it does without locks, and what it releases, happens on the way here.
struct Point {
  Held held;
  unsigned lock;
  bool writes;
  std::vector<unsigned> next; ///< the points, or `ended`, that it may come to with the lock; in ascending order
};

/// The end of a flow.
constexpr unsigned ended = ~0u;

struct LockModel {
  std::vector<std::string> lockNames;
  uint32_t sessionLocks = 0;
  std::vector<Point> points;
  /// Where a new flow, of any source, may come to first.
  std::vector<unsigned> starts;
};

/// Every lock must have a rank. At most 32 locks.
llvm::Expected<LockModel> makeLockModel(const llvm::json::Value &graph);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_LOCKMODEL_H
