//===- Wrappers.h - The flows that the importer makes around nodes ---------------------------------*- C++ -*-===//
//
// What a source names may be a node with a constraint. The importer puts a flow around it, `Node.flow` or
// `Node.source`, which no program could name.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_TARGET_WRAPPERS_H
#define FLUX_LIB_TARGET_WRAPPERS_H

#include "llvm/ADT/StringRef.h"

namespace flux {

/// Whether the importer made the flow called `name` around a node.
inline bool isWrapper(llvm::StringRef name) { return name.contains('.'); }

/// The name of the node that the importer made the flow called `name` around, or `name` itself.
inline llvm::StringRef withoutWrapper(llvm::StringRef name) { return name.split('.').first; }

} // namespace flux

#endif // FLUX_LIB_TARGET_WRAPPERS_H
