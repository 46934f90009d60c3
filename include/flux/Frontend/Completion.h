//===- Completion.h - What may be written at a place of a .flux program ------------------------------*- C++ -*-===//

#ifndef FLUX_FRONTEND_COMPLETION_H
#define FLUX_FRONTEND_COMPLETION_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace flux {

/// The names and words that can follow in the place where they are asked for.
struct Completion {
  enum Names {
    None,
    Functions,       ///< nodes and flows
    SourceFunctions, ///< those that take no inputs
    Nodes,
    Constrainable, ///< nodes, flows and handlers
    Predicates,
    Locks,
    PredicateFunctions,
    SessionFunctions,
    HandlerFunctions,
    Types
  };
  Names names = None;
  llvm::SmallVector<llvm::StringRef> keywords;
};

/// What can stand at the end of `text`, the part of a program before a place, instead of the word that is begun there.
/// Only the item at that place is looked at, so that errors in others do not matter. Nothing is reported.
Completion completeAfter(llvm::StringRef text);

} // namespace flux

#endif // FLUX_FRONTEND_COMPLETION_H
