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
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;
using namespace flux;

static LogicalResult importAndRun(llvm::SourceMgr &sources, MLIRContext &context, const MlirOptMainConfig &config,
                                  llvm::raw_ostream &os) {
  OwningOpRef<ModuleOp> program = importFlux(sources, &context);
  if (!program)
    return failure();
  PassManager passes(&context, ModuleOp::getOperationName(), PassManager::Nesting::Implicit);
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

/// The first of this project's passes that a textual pipeline names; empty if it names none.
static StringRef firstFluxPass(StringRef pipeline) {
  while (!pipeline.empty()) {
    StringRef word = pipeline.take_while([](char c) { return llvm::isAlnum(c) || c == '-'; });
    if (word.starts_with("flux-") || word == "verify-deadlock-free" || word == "convert-flux-to-llvm")
      return word;
    pipeline = pipeline.drop_front(std::max<size_t>(word.size(), 1));
  }
  return "";
}

/// Refuses a pipeline that would run a pass over what stands inside the program. Nothing stands there that a Flux pass
/// could look at, so that it would not run at all, and all would seem well.
static LogicalResult checkNesting(PassManager &passes) {
  for (Pass &pass : passes) {
    if (!pass.getArgument().empty())
      continue; // a pass, and no list of passes for an operation inside
    std::string text;
    llvm::raw_string_ostream os(text);
    pass.printAsTextualPipeline(os);
    if (StringRef name = firstFluxPass(text); !name.empty()) {
      fail("'" + name + "' looks at a whole program, so it cannot be nested as in '" + text + "'");
      return failure();
    }
  }
  return success();
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
  const MlirOptMainConfig asked = MlirOptMainConfig::createFromCLOptions();
  const MlirOptMainConfig config = MlirOptMainConfig(asked).setPassPipelineSetupFn([&asked](PassManager &passes) {
    return success(succeeded(asked.setupPassPipeline(passes)) && succeeded(checkNesting(passes)));
  });
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
