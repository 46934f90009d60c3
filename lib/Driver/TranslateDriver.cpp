//===- TranslateDriver.cpp - The flux-translate tool --------------------------------------------------------------===//
//
// As mlir-translate, except that it reads and writes files as all tools of this project do: nothing that a user can
// name keeps it waiting or fails without its name, and no half of an output takes the place of a whole one.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Driver/TranslateDriver.h"
#include "flux/Driver/Translations.h"
#include "flux/Support/Files.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace flux;
namespace cl = llvm::cl;

static int fail(const Twine &message) {
  llvm::errs() << "flux-translate: " << message << "\n";
  return EXIT_FAILURE;
}

/// Translates one part of the input, with a context of its own.
static LogicalResult translate(const Translation &translation, std::unique_ptr<llvm::MemoryBuffer> chunk,
                               bool verifiesDiagnostics, llvm::raw_ostream &os) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(chunk), llvm::SMLoc());
  if (!verifiesDiagnostics) {
    SourceMgrDiagnosticHandler handler(*sources, &context);
    return translation(sources, os, &context);
  }
  context.printOpOnDiagnostic(false);
  SourceMgrDiagnosticVerifierHandler handler(*sources, &context);
  (void)translation(sources, os, &context);
  return handler.verify();
}

int flux::runTranslate(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  registerTranslations();
  static cl::opt<std::string> inputName(cl::Positional, cl::desc("<input file>"), cl::init("-"));
  static cl::opt<std::string> outputName("o", cl::desc("Output file"), cl::value_desc("filename"), cl::init("-"));
  static cl::opt<bool> splits("split-input-file", cl::desc("Split the input at lines of '// -----'"));
  static cl::opt<bool> verifiesDiagnostics(
      "verify-diagnostics", cl::desc("Check diagnostics against comments of the form expected-(error|note|...)"));
  cl::opt<const Translation *, false, TranslationParser> translation("", cl::desc("Translation to perform"),
                                                                     cl::Required);
  registerAsmPrinterCLOptions();
  registerTranslationCLOptions();
  cl::ParseCommandLineOptions(argc, argv, "Flux translation tool\n");

  std::string error, text;
  std::unique_ptr<llvm::MemoryBuffer> input = readFile(inputName, error);
  if (!input)
    return fail(error);
  llvm::raw_string_ostream output(text);
  LogicalResult result = splitAndProcessBuffer(
      std::move(input),
      [&](std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::raw_ostream &os) {
        return translate(*translation, std::move(chunk), verifiesDiagnostics, os);
      },
      output, splits ? kDefaultSplitMarker : "", "");
  // Parts that are well are shown although others are not, but not kept.
  if (succeeded(result) || outputName == "-")
    error = writeFile(outputName, text);
  if (!error.empty())
    return fail(error);
  return succeeded(result) ? EXIT_SUCCESS : EXIT_FAILURE;
}
