//===- Pipelines.cpp - The ways from a program to machine code ---------------------------------------------------===//

#include "flux/Pipelines/Pipelines.h"
#include "flux/Conversion/Passes.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace flux;

void flux::buildCheckPipeline(OpPassManager &passes) {
  passes.addPass(createFluxVerifyAcyclic());
  passes.addPass(createFluxAssignLockOrder());
  passes.addPass(createVerifyDeadlockFree());
}

void flux::buildWaitPipeline(OpPassManager &passes, ArrayRef<std::string> nodes, const ModelInfo *model, bool strict) {
  passes.addPass(createFluxVerifyMutexes({llvm::to_vector<0>(nodes)}));
  passes.addPass(createFluxCheckWaits({llvm::to_vector<0>(nodes), model ? model->name.str() : "", strict}));
}

void flux::buildLoweringPipeline(OpPassManager &passes, const LoweringOptions &options) {
  buildCheckPipeline(passes);
  const ModelInfo *model = options.model;
  // Elsewhere nobody asks which nodes block.
  if (model && model->has(ModelTrait::Loops))
    passes.addPass(createFluxInferBlocking(
        {llvm::to_vector<0>(options.nodes), llvm::to_vector<0>(options.linked), options.unseen}));
  passes.addPass(createFluxMarkBlocking());
  passes.addPass(createFluxElideLocks({model ? model->name.str() : "", /*force=*/false}));
  passes.addPass(createFluxMergeRegions());
  passes.addPass(createConvertFluxToLLVM({options.debug, options.exceptions}));
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
}

namespace {

/// The options of `flux-lower-to-<model>`.
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  ListOption<std::string> nodes{*this, "nodes", llvm::cl::desc("Files with the LLVM bitcode of the nodes")};
  ListOption<std::string> linked{*this, "linked", llvm::cl::desc("Other files that are linked with it")};
};

} // namespace

void flux::registerPipelines() {
  static PassPipelineRegistration<> check(
      "flux-check",
      "Proves that no flow reaches itself, and that flows cannot wait for each other in a circle through Flux "
      "constraints alone, provided that nodes return",
      buildCheckPipeline);
  static std::vector<std::unique_ptr<PassPipelineRegistration<PipelineOptions>>> lowerings;
  for (const ModelInfo &info : allModels())
    lowerings.push_back(std::make_unique<PassPipelineRegistration<PipelineOptions>>(
        ("flux-lower-to-" + info.name).str(), ("Lowers a program for the model '" + info.name + "'").str(),
        [model = &info](OpPassManager &passes, const PipelineOptions &options) {
          LoweringOptions lowering;
          lowering.model = model;
          llvm::append_range(lowering.nodes, options.nodes);
          llvm::append_range(lowering.linked, options.linked);
          buildLoweringPipeline(passes, lowering);
        }));
}
