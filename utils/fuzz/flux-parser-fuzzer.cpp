//===- flux-parser-fuzzer.cpp - Feeds arbitrary text to the front end -------------------------------------------===//
//
// Whatever the text, importing it must end, with a module that verifies or with an error, and without leaving memory
// behind.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Frontend/Import.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include <cstdlib>

// The types of a dialect built with ASan live in memory of an MLIR built without, which looks poisoned to ASan.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }

/// A context keeps every attribute it has ever made, so it is replaced now and then.
static mlir::MLIRContext &freshContext() {
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned uses = 0;
  if (uses++ % 1000 == 0) {
    context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
    context->getDiagEngine().registerHandler([](mlir::Diagnostic &) { return mlir::success(); });
  }
  return *context;
}

/// Aborts where the front end has broken a promise, so that libFuzzer keeps the text.
static void require(bool holds) {
  if (!holds)
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // Headers of the machine are no business of a parser's.
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  if (text.contains("include"))
    return -1;
  mlir::MLIRContext &context = freshContext();
  bool hasError = false;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    hasError |= diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, "fuzz.flux"), llvm::SMLoc());
  mlir::OwningOpRef<mlir::ModuleOp> module = flux::importFlux(sources, &context);
  require(hasError == !module);
  require(!module || mlir::succeeded(mlir::verify(*module)));
  return 0;
}
