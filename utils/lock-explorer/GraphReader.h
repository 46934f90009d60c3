//===- GraphReader.h - The JSON of flux-translate, as far as the explorers ask for it ------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_GRAPHREADER_H
#define FLUX_UTILS_LOCKEXPLORER_GRAPHREADER_H

#include "llvm/Support/JSON.h"
#include <optional>
#include <vector>

namespace explorer {

/// The flows that are running, from the outside in.
using Stack = std::vector<llvm::StringRef>;

/// A value of an object, empty if it is not there.
llvm::StringRef text(const llvm::json::Object &object, llvm::StringRef key);
const llvm::json::Array &list(const llvm::json::Object &object, llvm::StringRef key);

/// Whether a dispatch has a case for everything.
bool hasCatchAll(const llvm::json::Object &dispatch);

/// The handler that runs when `function` has failed within the flows `running`, by its place in the program: that of
/// the innermost function that has one which applies, of these that with the longest path, the first of several.
std::optional<size_t> findHandler(const llvm::json::Object &graph, llvm::StringRef function, Stack running);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_GRAPHREADER_H
