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
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

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

int flux::runOpt(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  registry.insert<FluxDialect>();
  registerFluxTransformsPasses();
  registerFluxConversionPasses();
  registerTransformsPasses();
  registerPipelines();

  static llvm::cl::list<std::string> includeDirs("I", llvm::cl::Prefix, llvm::cl::value_desc("dir"),
                                                 llvm::cl::desc("search dir for headers that a .flux file includes"));
  auto [inputName, outputName] = registerAndParseCLIOptions(argc, argv, "Flux optimizer driver", registry);
  const MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input = openInputFile(inputName, &error);
  std::unique_ptr<llvm::ToolOutputFile> output = openOutputFile(outputName, &error);
  if (!input || !output) {
    llvm::errs() << "flux-opt: " << error << "\n";
    return EXIT_FAILURE;
  }

  bool listsOnly = config.shouldListPasses() || config.shouldShowDialects();
  LogicalResult result = listsOnly || isMLIR(*input)
                             ? MlirOptMain(output->os(), std::move(input), registry, config)
                             : splitAndProcessBuffer(
                                   std::move(input),
                                   [&](std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::raw_ostream &os) {
                                     return processChunk(std::move(chunk), registry, includeDirs, config, os);
                                   },
                                   output->os(), config.inputSplitMarker(), config.outputSplitMarker());
  if (failed(result))
    return EXIT_FAILURE;
  output->keep();
  return EXIT_SUCCESS;
}
