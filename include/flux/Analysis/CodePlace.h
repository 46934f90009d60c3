//===- CodePlace.h - Places in the nodes' source --------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_CODEPLACE_H
#define FLUX_ANALYSIS_CODEPLACE_H

#include "mlir/IR/Location.h"
#include <string>

namespace llvm {
class DILocation;
} // namespace llvm

namespace flux {

/// A place in the nodes' source, as the bitcode's line tables tell.
struct CodePlace {
  std::string file; ///< an absolute path; empty where the bitcode has no line tables
  unsigned line = 0, column = 0;

  CodePlace() = default;
  /// The place of an instruction; null for one that has none.
  explicit CodePlace(const llvm::DILocation *where);

  bool isKnown() const { return !file.empty(); }
  /// The place for a diagnostic, which is known.
  mlir::Location location(mlir::MLIRContext *context) const;
};

} // namespace flux

#endif // FLUX_ANALYSIS_CODEPLACE_H
