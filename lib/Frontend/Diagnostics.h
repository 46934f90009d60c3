//===- Diagnostics.h - Errors and warnings of the front end -----------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_DIAGNOSTICS_H
#define FLUX_LIB_FRONTEND_DIAGNOSTICS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/SMLoc.h"

namespace llvm {
class SourceMgr;
} // namespace llvm

namespace flux::frontend {

/// Turns places of the main buffer into locations of MLIR and reports through MLIR's diagnostic engine.
class Diagnostics {
public:
  /// A reported error, warning or remark, to which notes can be added; emitted when it goes out of scope.
  class Report {
  public:
    Report(Diagnostics &diagnostics, mlir::InFlightDiagnostic diagnostic)
        : diagnostics(diagnostics), diagnostic(std::move(diagnostic)) {}

    /// Adds another place involved; an invalid `loc` adds nothing.
    Report &note(llvm::SMLoc loc, const llvm::Twine &text);
    /// Adds a place in another file.
    Report &note(mlir::Location loc, const llvm::Twine &text);
    /// Adds a fact that has no place of its own.
    Report &note(const llvm::Twine &text);

  private:
    Diagnostics &diagnostics;
    mlir::InFlightDiagnostic diagnostic;
  };

  Diagnostics(const llvm::SourceMgr &sources, mlir::MLIRContext *context);

  /// The first character of the main buffer.
  const char *start() const { return buffer.begin(); }

  /// The location of `loc`, in time logarithmic in the number of lines, and at once on the last line or the next.
  mlir::Location at(llvm::SMLoc loc) const;

  Report error(llvm::SMLoc loc, const llvm::Twine &text);
  Report warning(llvm::SMLoc loc, const llvm::Twine &text);
  Report remark(llvm::SMLoc loc, const llvm::Twine &text);

  bool hasErrors() const { return errors != 0; }
  /// Whether so much is wrong that more errors would not help: they are no longer shown.
  bool isExhausted() const { return errors > maxErrors; }

private:
  static constexpr unsigned maxErrors = 20;

  llvm::StringRef buffer;
  mlir::StringAttr fileName;
  llvm::SmallVector<const char *> lineStarts; // ascending
  mutable size_t lastLine = 0;                // that was asked for
  unsigned errors = 0;
};

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_DIAGNOSTICS_H
