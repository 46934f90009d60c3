//===- Translations.cpp - What flux-translate offers --------------------------------------------------------------===//

#include "flux/Driver/Translations.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Driver/LoadProgram.h"
#include "flux/Frontend/Import.h"
#include "flux/Pipelines/Pipelines.h"
#include "flux/Target/Dot.h"
#include "flux/Target/Header.h"
#include "flux/Target/Json.h"
#include "flux/Target/Object.h"
#include "flux/Target/Promela.h"
#include "flux/Target/Source.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace flux;

namespace {

/// Options that only some translations read.
struct Options {
  llvm::cl::opt<std::string> model{"model", llvm::cl::desc("execution model to specialise for; all without it"),
                                   llvm::cl::value_desc("name")};
  llvm::cl::opt<std::string> triple{"target", llvm::cl::desc("target triple; this machine without it"),
                                    llvm::cl::value_desc("triple")};
  llvm::cl::opt<unsigned> optLevel{"opt", llvm::cl::desc("optimisation level, 0 to 3"), llvm::cl::init(2)};
  llvm::cl::list<std::string> nodes{
      "nodes", llvm::cl::CommaSeparated, llvm::cl::value_desc("file.bc"),
      llvm::cl::desc("bitcode of nodes to compile together with the flows, and to see which of them may block")};
  llvm::cl::list<unsigned> flows{
      "flows", llvm::cl::CommaSeparated, llvm::cl::value_desc("number"),
      llvm::cl::desc(
          "flows of each source that run at once, for --flux-to-promela: one number for all, or one for each; "
          "without it 2")};
  llvm::cl::opt<unsigned> sessions{"sessions",
                                   llvm::cl::desc("sessions of these flows; as many as could matter without it"),
                                   llvm::cl::value_desc("number"), llvm::cl::init(0)};
  llvm::cl::list<std::string> includeDirs{"I", llvm::cl::Prefix, llvm::cl::value_desc("dir"),
                                          llvm::cl::desc("search dir for included headers")};
};

/// Made when the translations are registered, before the command line is read.
Options &options() {
  static Options all;
  return all;
}

using Sources = std::shared_ptr<llvm::SourceMgr>;

/// Reads a program in either form, with the include directories of the command line.
OwningOpRef<ModuleOp> load(const Sources &sources, MLIRContext *context) {
  sources->setIncludeDirs(options().includeDirs);
  return loadProgram(sources, context);
}

/// Registers a translation that reads a program in either form and writes text about it.
void registerWriter(StringRef name, StringRef description, LogicalResult (*write)(ModuleOp, llvm::raw_ostream &)) {
  TranslateRegistration(name, description,
                        [write](const Sources &sources, llvm::raw_ostream &os, MLIRContext *context) -> LogicalResult {
                          OwningOpRef<ModuleOp> program = load(sources, context);
                          return program ? write(*program, os) : failure();
                        });
}

/// Loads, proves and lowers a program, and gives its LLVM module to `write`.
LogicalResult compile(const Sources &sources, MLIRContext *context,
                      llvm::function_ref<LogicalResult(ModuleOp, llvm::Module &, const ObjectOptions &)> write) {
  context->appendDialectRegistry([] {
    DialectRegistry registry;
    registerObjectDialects(registry);
    return registry;
  }());
  OwningOpRef<ModuleOp> program = load(sources, context);
  if (!program)
    return failure();
  const ModelInfo *model = nullptr;
  if (!options().model.empty())
    model = findModel(options().model);
  if (!options().model.empty() && !model)
    return program->emitError() << "unknown model '" << options().model << "'; the models are " << modelNames();
  if (options().optLevel > 3)
    return mlir::emitError(program->getLoc())
           << "unknown optimisation level " << options().optLevel.getValue() << "; expected 0 to 3";
  PassManager passes(context);
  LoweringOptions lowering;
  lowering.model = model;
  lowering.nodes = options().nodes;
  lowering.unseen = true; // Others link the object.
  buildLoweringPipeline(passes, lowering);
  if (failed(passes.run(*program)))
    return failure();
  llvm::LLVMContext llvmContext;
  ObjectOptions objectOptions{options().triple, options().optLevel, options().nodes};
  std::unique_ptr<llvm::Module> module = translateToLLVM(*program, llvmContext, objectOptions);
  return module ? write(*program, *module, objectOptions) : failure();
}

LogicalResult writeObjectTo(ModuleOp program, llvm::Module &module, const ObjectOptions &options,
                            llvm::raw_ostream &os) {
  // An object writer needs to seek; standard output may not.
  SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream buffer(bytes);
  if (failed(writeObject(program, module, options, buffer)))
    return failure();
  os << StringRef(bytes.data(), bytes.size());
  return success();
}

} // namespace

void flux::registerTranslations() {
  options();
  TranslateToMLIRRegistration(
      "import-flux", "reads a .flux program and prints it in the flux dialect",
      [](llvm::SourceMgr &sources, MLIRContext *context) -> OwningOpRef<Operation *> {
        context->loadDialect<FluxDialect>();
        sources.setIncludeDirs(options().includeDirs);
        return importFlux(sources, context);
      },
      [](DialectRegistry &registry) { registry.insert<FluxDialect>(); });
  registerWriter("flux-to-header", "writes the C header that nodes are written against", writeHeader);
  registerWriter("flux-to-dot", "draws the program as a Graphviz graph", writeDot);
  registerWriter("flux-to-json", "describes the program as JSON for other tools", writeJson);
  TranslateRegistration("flux-to-source", "prints the program as .flux source, checked to mean the same",
                        [](const Sources &sources, llvm::raw_ostream &os, MLIRContext *context) -> LogicalResult {
                          OwningOpRef<ModuleOp> program = loadProgram(sources, context);
                          return program ? writeSource(*program, *sources, os) : failure();
                        });
  TranslateRegistration("flux-to-promela", "models the program's locking in Promela, for SPIN",
                        [](const Sources &sources, llvm::raw_ostream &os, MLIRContext *context) -> LogicalResult {
                          OwningOpRef<ModuleOp> program = load(sources, context);
                          SmallVector<unsigned> flows(options().flows.begin(), options().flows.end());
                          if (flows.empty())
                            flows.push_back(2);
                          return program ? writePromela(*program, flows, options().sessions, os) : failure();
                        });
  TranslateRegistration("flux-to-llvmir", "proves, lowers and optimises the program and prints LLVM IR",
                        [](const Sources &sources, llvm::raw_ostream &os, MLIRContext *context) {
                          return compile(sources, context, [&](ModuleOp, llvm::Module &module, const ObjectOptions &) {
                            os << module;
                            return success();
                          });
                        });
  TranslateRegistration("flux-to-object", "proves, lowers and optimises the program and writes an object file",
                        [](const Sources &sources, llvm::raw_ostream &os, MLIRContext *context) {
                          return compile(
                              sources, context,
                              [&](ModuleOp program, llvm::Module &module, const ObjectOptions &objectOptions) {
                                return writeObjectTo(program, module, objectOptions, os);
                              });
                        });
}
