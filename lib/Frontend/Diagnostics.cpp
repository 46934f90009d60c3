//===- Diagnostics.cpp - Errors and warnings of the front end ---------------------------------------------------===//

#include "Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::Twine;

Diagnostics::Diagnostics(const llvm::SourceMgr &sources, MLIRContext *context) {
  const llvm::MemoryBuffer *main = sources.getMemoryBuffer(sources.getMainFileID());
  buffer = main->getBuffer();
  fileName = StringAttr::get(context, main->getBufferIdentifier());
  lineStarts.reserve(buffer.count('\n') + 1);
  // SourceMgr's own look-up scans back to the start of the line, which is quadratic for one long line.
  lineStarts.push_back(buffer.begin());
  for (size_t newline = buffer.find('\n'); newline != llvm::StringRef::npos; newline = buffer.find('\n', newline + 1))
    lineStarts.push_back(buffer.begin() + newline + 1);
}

Location Diagnostics::at(SMLoc loc) const {
  const char *place = loc.getPointer();
  auto isOn = [&](size_t line) {
    return line < lineStarts.size() && lineStarts[line] <= place &&
           (line + 1 == lineStarts.size() || place < lineStarts[line + 1]);
  };
  if (!isOn(lastLine))
    lastLine = isOn(lastLine + 1) ? lastLine + 1 : llvm::upper_bound(lineStarts, place) - lineStarts.begin() - 1;
  return FileLineColLoc::get(fileName, lastLine + 1, place - lineStarts[lastLine] + 1);
}

Diagnostics::Report Diagnostics::error(SMLoc loc, const Twine &text) {
  if (++errors <= maxErrors)
    return {*this, emitError(at(loc), text)};
  if (errors == maxErrors + 1)
    emitError(at(loc), "too many errors; the rest is not shown");
  return {*this, InFlightDiagnostic()};
}

Diagnostics::Report Diagnostics::warning(SMLoc loc, const Twine &text) {
  if (isExhausted())
    return {*this, InFlightDiagnostic()};
  return {*this, emitWarning(at(loc), text)};
}

Diagnostics::Report Diagnostics::remark(SMLoc loc, const Twine &text) {
  if (isExhausted())
    return {*this, InFlightDiagnostic()};
  return {*this, emitRemark(at(loc), text)};
}

Diagnostics::Report &Diagnostics::Report::note(SMLoc loc, const Twine &text) {
  return loc.isValid() ? note(diagnostics.at(loc), text) : *this;
}

Diagnostics::Report &Diagnostics::Report::note(Location loc, const Twine &text) {
  if (Diagnostic *shown = diagnostic.getUnderlyingDiagnostic())
    shown->attachNote(loc) << text;
  return *this;
}

Diagnostics::Report &Diagnostics::Report::note(const Twine &text) {
  if (Diagnostic *shown = diagnostic.getUnderlyingDiagnostic())
    shown->attachNote() << text;
  return *this;
}
