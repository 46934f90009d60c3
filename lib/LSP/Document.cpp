//===- Document.cpp - One .flux file as an editor shows it: what the compiler says ------------------------------===//

#include "Document.h"
#include "flux/Frontend/Import.h"
#include "flux/Pipelines/Pipelines.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace flux;
using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::StringRef;

namespace {

/// Keeps what the compiler reports, in the editor's form.
class Collector {
public:
  Collector(const TextPositions &positions, PublishDiagnosticsParams &findings)
      : positions(positions), findings(findings) {}

  void add(mlir::Diagnostic &diagnostic);

private:
  Location locate(mlir::Location loc) const;

  const TextPositions &positions;
  PublishDiagnosticsParams &findings;
};

} // namespace

static DiagnosticSeverity severityOf(mlir::DiagnosticSeverity severity) {
  switch (severity) {
  case mlir::DiagnosticSeverity::Error:
    return DiagnosticSeverity::Error;
  case mlir::DiagnosticSeverity::Warning:
    return DiagnosticSeverity::Warning;
  case mlir::DiagnosticSeverity::Remark:
  case mlir::DiagnosticSeverity::Note:
    return DiagnosticSeverity::Information;
  }
  llvm_unreachable("not a severity");
}

/// The token at `loc`, in this document or in a header; the start of the document if `loc` is nowhere.
Location Collector::locate(mlir::Location loc) const {
  auto place = loc->findInstanceOf<mlir::FileLineColLoc>();
  if (!place)
    return {findings.uri, Range()};
  if (place.getFilename() == findings.uri.file())
    return {findings.uri, positions.rangeOf(positions.tokenAt(place.getLine(), place.getColumn()))};

  llvm::SmallString<128> path = place.getFilename().getValue();
  if (llvm::sys::fs::make_absolute(path))
    return {findings.uri, Range()};
  llvm::Expected<URIForFile> uri = URIForFile::fromFile(path);
  auto header = llvm::MemoryBuffer::getFile(path);
  if (!uri || !header) {
    llvm::consumeError(uri.takeError());
    return {findings.uri, Range()};
  }
  TextPositions inHeader((*header)->getBuffer());
  return {*uri, inHeader.rangeOf(inHeader.tokenAt(place.getLine(), place.getColumn()))};
}

void Collector::add(mlir::Diagnostic &diagnostic) {
  Diagnostic &finding = findings.diagnostics.emplace_back();
  finding.range = locate(diagnostic.getLocation()).range;
  finding.severity = severityOf(diagnostic.getSeverity());
  finding.source = "flux";
  finding.message = diagnostic.str();
  if (diagnostic.getNotes().empty())
    return;
  finding.relatedInformation.emplace();
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    finding.relatedInformation->emplace_back(locate(note.getLocation()), note.str());
}

static unsigned addBuffer(llvm::SourceMgr &sources, StringRef text, StringRef name,
                          llvm::ArrayRef<std::string> includeDirs) {
  sources.setIncludeDirs(includeDirs.vec());
  return sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name), llvm::SMLoc());
}

Document::Document(URIForFile uri, int64_t version, StringRef text, llvm::ArrayRef<std::string> includeDirs)
    : findings(std::move(uri), version),
      positions(sources.getMemoryBuffer(addBuffer(sources, text, findings.uri.file(), includeDirs))->getBuffer()) {
  check();
}

void Document::check() {
  // A context of its own, so that what it has uniqued goes with the document.
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  Collector collector(positions, findings);
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    collector.add(diagnostic);
    return mlir::success();
  });
  mlir::OwningOpRef<mlir::ModuleOp> program = importFlux(sources, &context, index);
  if (!program)
    return;
  mlir::PassManager passes(&context);
  buildCheckPipeline(passes);
  if (mlir::failed(passes.run(*program)))
    return;
  for (LockOp lock : program->getOps<LockOp>())
    if (std::optional<uint32_t> rank = lock.getRank())
      ranks[lock.getSymName()] = *rank;
}
