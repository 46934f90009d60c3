//===- ReachedCases.cpp - Which cases of a dispatch can be taken ------------------------------------------------===//

#include "flux/Dialect/Flux/IR/ReachedCases.h"
#include "llvm/ADT/STLExtras.h"

using namespace flux;

std::optional<unsigned> ReachedCases::add(PatternTests tests) {
  unsigned place = numCases++;
  if (catchAll)
    return catchAll;
  if (tests.empty()) {
    catchAll = place;
    return std::nullopt;
  }
  for (const PatternTest &test : tests)
    if (auto earlier = byFirstTest.find(test); earlier != byFirstTest.end())
      for (const Entry &entry : earlier->second)
        if (llvm::includes(tests, entry.tests))
          return entry.place;
  byFirstTest[tests.front()].push_back({place, std::move(tests)});
  return std::nullopt;
}
