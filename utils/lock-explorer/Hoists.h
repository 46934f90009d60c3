//===- Hoists.h - Whether fewer early acquisitions would have done ------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_HOISTS_H
#define FLUX_UTILS_LOCKEXPLORER_HOISTS_H

#include "mlir/IR/BuiltinOps.h"

namespace explorer {

/// What flux-assign-lock-order made of a program.
struct Hoists {
  unsigned made = 0; ///< locks that it added to regions
  /// The fewest that any choice needs, with any order of locks; nothing if there are too many choices to try them all.
  std::optional<unsigned> fewest;
};

/// Compares a program with what flux-assign-lock-order made of it. Takes the added locks out of `ordered` again.
Hoists countHoists(mlir::ModuleOp original, mlir::ModuleOp ordered);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_HOISTS_H
