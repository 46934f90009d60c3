//===- HashIndex.h - Finds elements of a vector by their hashes ----------------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_HASHINDEX_H
#define FLUX_ANALYSIS_HASHINDEX_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>
#include <utility>
#include <vector>

namespace flux {

/// Finds elements of a vector by their hashes, without a node of its own for each.
class HashIndex {
public:
  /// The index of the element with this hash that `isSame` accepts.
  std::optional<unsigned> find(size_t hash, llvm::function_ref<bool(unsigned)> isSame) const {
    auto head = heads.find(keyOf(hash));
    for (unsigned index = head == heads.end() ? none : head->second; index != none; index = next[index])
      if (isSame(index))
        return index;
    return std::nullopt;
  }
  /// Adds the next element of the vector.
  void add(size_t hash) {
    auto [head, isNew] = heads.try_emplace(keyOf(hash), next.size());
    next.push_back(isNew ? none : std::exchange(head->second, next.size()));
  }

private:
  static constexpr unsigned none = ~0u;
  /// The map keeps its two greatest keys for itself.
  static size_t keyOf(size_t hash) { return hash >> 1; }

  llvm::DenseMap<size_t, unsigned> heads;
  std::vector<unsigned> next;
};

} // namespace flux

#endif // FLUX_ANALYSIS_HASHINDEX_H
