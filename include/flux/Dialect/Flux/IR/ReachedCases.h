//===- ReachedCases.h - Which cases of a dispatch can be taken ----------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_IR_REACHEDCASES_H
#define FLUX_DIALECT_FLUX_IR_REACHEDCASES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <vector>

namespace flux {

/// What a pattern asks: predicates by position, ascending, wildcards left out.
using PatternTest = std::pair<unsigned, llvm::StringRef>;
using PatternTests = llvm::SmallVector<PatternTest, 4>;

/// Finds cases that an earlier one keeps from being reached: one that asks nothing they do not ask. Earlier cases are
/// kept by their first test, so that a case is compared only with those that share a test with it.
class ReachedCases {
public:
  /// Adds the next case. Returns the place of an earlier one that accepts all that this one does, if there is any.
  std::optional<unsigned> add(PatternTests tests);

private:
  struct Entry {
    unsigned place;
    PatternTests tests;
  };
  unsigned numCases = 0;
  std::optional<unsigned> catchAll;
  llvm::DenseMap<PatternTest, std::vector<Entry>> byFirstTest;
};

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_REACHEDCASES_H
