//===- OptDriver.cpp - The flux-opt tool --------------------------------------------------------------------------===//
//
// MLIR's own driver reads MLIR only. A .flux file takes the second way here, which offers what matters for it: the pass
// pipeline, splitting of the input, and verification of diagnostics.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Driver/OptDriver.h"
#include "flux/Conversion/Passes.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "flux/Driver/LoadProgram.h"
#include "flux/Frontend/Import.h"
#include "flux/Pipelines/Pipelines.h"
#include "flux/Support/Files.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;
using namespace flux;

static LogicalResult importAndRun(llvm::SourceMgr &sources, MLIRContext &context, const MlirOptMainConfig &config,
                                  llvm::raw_ostream &os) {
  OwningOpRef<ModuleOp> program = importFlux(sources, &context);
  if (!program)
    return failure();
  PassManager passes(&context, PassManager::getAnyOpAnchorName());
  passes.enableVerifier(config.shouldVerifyPasses());
  if (failed(applyPassManagerCLOptions(passes)) || failed(config.setupPassPipeline(passes)) ||
      failed(passes.run(*program)))
    return failure();
  program->print(os);
  os << "\n";
  return success();
}

/// One part of the input, with a context of its own.
static LogicalResult processChunk(std::unique_ptr<llvm::MemoryBuffer> chunk, DialectRegistry &registry,
                                  const std::vector<std::string> &includeDirs, const MlirOptMainConfig &config,
                                  llvm::raw_ostream &os) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(chunk), llvm::SMLoc());
  sources.setIncludeDirs(includeDirs);
  if (!config.shouldVerifyDiagnostics()) {
    SourceMgrDiagnosticHandler handler(sources, &context);
    return importAndRun(sources, context, config, os);
  }
  SourceMgrDiagnosticVerifierHandler handler(sources, &context, config.verifyDiagnosticsLevel());
  (void)importAndRun(sources, context, config, os);
  return handler.verify();
}

static int fail(const Twine &message) {
  llvm::errs() << "flux-opt: " << message << "\n";
  return EXIT_FAILURE;
}

int flux::runOpt(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  registry.insert<FluxDialect, LLVM::LLVMDialect>();
  registerFluxTransformsPasses();
  registerFluxConversionPasses();
  registerTransformsPasses();
  registerPipelines();

  static llvm::cl::list<std::string> includeDirs("I", llvm::cl::Prefix, llvm::cl::value_desc("dir"),
                                                 llvm::cl::desc("search dir for headers that a .flux file includes"));
  auto [inputName, outputName] = registerAndParseCLIOptions(argc, argv, "Flux optimizer driver", registry);
  const MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  std::string error, text;
  std::unique_ptr<llvm::MemoryBuffer> input = readFile(inputName, error);
  if (!input)
    return fail(error);
  llvm::raw_string_ostream output(text);

  bool listsOnly = config.shouldListPasses() || config.shouldShowDialects();
  LogicalResult result = listsOnly || isMLIR(*input)
                             ? MlirOptMain(output, std::move(input), registry, config)
                             : splitAndProcessBuffer(
                                   std::move(input),
                                   [&](std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::raw_ostream &os) {
                                     return processChunk(std::move(chunk), registry, includeDirs, config, os);
                                   },
                                   output, config.inputSplitMarker(), config.outputSplitMarker());
  // Parts that are well are shown although others are not, but not kept.
  if (succeeded(result) || outputName == "-")
    error = writeFile(outputName, text);
  if (!error.empty())
    return fail(error);
  return succeeded(result) ? EXIT_SUCCESS : EXIT_FAILURE;
}
