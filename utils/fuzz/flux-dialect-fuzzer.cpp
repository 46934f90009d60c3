//===- flux-dialect-fuzzer.cpp - Feeds arbitrary IR to the dialect, its passes and the lowering -----------------===//
//
// Whatever the text, parsing and verifying it must end; a module that verifies must go through every pass without a
// crash; and what flux-assign-lock-order has ordered, verify-deadlock-free accepts.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Conversion/Passes.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include <cstdlib>

// The types of a dialect built with ASan live in memory of an MLIR built without, which looks poisoned to ASan.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }

/// A context keeps every attribute it has ever made, so it is replaced now and then.
static mlir::MLIRContext &freshContext() {
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned uses = 0;
  if (uses++ % 1000 == 0) {
    context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
    context->loadDialect<flux::FluxDialect>();
    context->getDiagEngine().registerHandler([](mlir::Diagnostic &) { return mlir::success(); });
  }
  return *context;
}

static bool run(mlir::ModuleOp module, std::unique_ptr<mlir::Pass> pass) {
  mlir::PassManager passes(module.getContext());
  passes.addPass(std::move(pass));
  return mlir::succeeded(passes.run(module));
}

/// Aborts where a pass has broken a promise, so that libFuzzer keeps the text.
static void require(bool holds) {
  if (!holds)
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // MLIR's lexer reads up to a final NUL.
  const std::string copy(reinterpret_cast<const char *>(data), size);
  llvm::StringRef text = copy;
  // Other dialects' and files' syntax is MLIR's own business.
  if (text.contains("dense") || text.contains("{-#"))
    return -1;
  mlir::MLIRContext &context = freshContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, mlir::ParserConfig(&context));
  if (!module)
    return 0;
  (void)run(*module, flux::createVerifyDeadlockFree());
  if (!run(*module, flux::createFluxAssignLockOrder()))
    return 0;
  require(run(*module, flux::createVerifyDeadlockFree()));
  (void)run(*module, flux::createConvertFluxToLLVM());
  return 0;
}
