//===- Pipelines.cpp - The ways from a program to machine code ---------------------------------------------------===//

#include "flux/Pipelines/Pipelines.h"
#include "flux/Conversion/Passes.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace flux;

llvm::ArrayRef<ModelInfo> flux::allModels() {
  static constexpr ModelInfo models[] = {
#define FLUX_MODEL(NAME, BIT, SUMMARY) {Model::NAME, #NAME, SUMMARY},
#include "flux/rt/models.def"
#undef FLUX_MODEL
  };
  return models;
}

std::optional<Model> flux::parseModel(StringRef name) {
  for (const ModelInfo &info : allModels())
    if (info.name == name)
      return info.model;
  return std::nullopt;
}

std::string flux::modelNames() {
  return llvm::join(llvm::map_range(allModels(), [](const ModelInfo &info) { return info.name; }), ", ");
}

void flux::buildCheckPipeline(OpPassManager &passes) {
  passes.addPass(createFluxVerifyAcyclic());
  passes.addPass(createFluxAssignLockOrder());
  passes.addPass(createVerifyDeadlockFree());
}

void flux::buildLoweringPipeline(OpPassManager &passes, std::optional<Model> model) {
  buildCheckPipeline(passes);
  // No model of this tree specialises the program yet, so that every object serves them all.
  (void)model;
  passes.addPass(createFluxFuseNodes());
  passes.addPass(createConvertFluxToLLVM());
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
}

void flux::registerPipelines() {
  static PassPipelineRegistration<> check("flux-check", "Proves that a program is acyclic and free of deadlock",
                                          buildCheckPipeline);
  static std::vector<std::unique_ptr<PassPipelineRegistration<>>> lowerings;
  for (const ModelInfo &info : allModels())
    lowerings.push_back(std::make_unique<PassPipelineRegistration<>>(
        ("flux-lower-to-" + info.name).str(), ("Lowers a program for the model '" + info.name + "'").str(),
        [model = info.model](OpPassManager &passes) { buildLoweringPipeline(passes, model); }));
}
