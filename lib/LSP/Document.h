//===- Document.h - One .flux file as an editor shows it ----------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_LSP_DOCUMENT_H
#define FLUX_LIB_LSP_DOCUMENT_H

#include "TextPositions.h"
#include "flux/Frontend/ProgramIndex.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/LSP/Protocol.h"
#include "llvm/Support/SourceMgr.h"
#include <optional>

namespace flux::lsp {

/// One version of a document and all that the compiler says of it. Any text will do.
class Document {
public:
  /// Checks `text` as `fluxc check` does. Headers are read from disk, beside the file and in `includeDirs`.
  Document(llvm::lsp::URIForFile uri, int64_t version, llvm::StringRef text, llvm::ArrayRef<std::string> includeDirs);

  const llvm::lsp::URIForFile &uri() const { return findings.uri; }
  int64_t version() const { return findings.version; }
  llvm::StringRef text() const { return sources.getMemoryBuffer(sources.getMainFileID())->getBuffer(); }
  /// Errors, warnings and remarks in the order in which the compiler finds them.
  const llvm::lsp::PublishDiagnosticsParams &diagnostics() const { return findings; }

  std::vector<llvm::lsp::Location> definitionsAt(llvm::lsp::Position position) const;
  std::vector<llvm::lsp::Location> referencesAt(llvm::lsp::Position position, bool withDefinitions) const;
  std::optional<llvm::lsp::Hover> hoverAt(llvm::lsp::Position position) const;
  /// What may be written at a place of `newText`, which may be newer than this version: the names are this version's.
  llvm::lsp::CompletionList completionsAt(llvm::lsp::Position position, llvm::StringRef newText) const;
  std::vector<llvm::lsp::DocumentSymbol> outline() const;

private:
  void check();
  std::string describe(const Symbol &symbol) const;
  std::string describeFunction(const Symbol &function) const;
  std::string describePredicate(const Symbol &predicate) const;
  std::string describeLock(const Symbol &lock) const;
  std::string describeHolds(const Symbol &owner) const;
  std::optional<llvm::lsp::Location> headerAt(const char *place) const;
  llvm::lsp::Location locate(llvm::StringRef part) const { return {uri(), positions.rangeOf(part)}; }

  llvm::lsp::PublishDiagnosticsParams findings;
  llvm::SourceMgr sources;
  TextPositions positions;
  ProgramIndex index;
  llvm::StringMap<uint64_t> ranks; ///< of locks; empty while the program has errors
};

} // namespace flux::lsp

#endif // FLUX_LIB_LSP_DOCUMENT_H
