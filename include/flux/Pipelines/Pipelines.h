//===- Pipelines.h - The ways from a program to machine code, one per execution model ----------------*- C++ -*-===//

#ifndef FLUX_PIPELINES_PIPELINES_H
#define FLUX_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace flux {

/// The execution models; the list is flux/rt/models.def, and the values are the bits of flux_ir_program::models.
enum class Model {
#define FLUX_MODEL(NAME, BIT, SUMMARY) NAME = BIT,
#include "flux/rt/models.def"
#undef FLUX_MODEL
};

/// A model as users see it.
struct ModelInfo {
  Model model;
  llvm::StringRef name;
  llvm::StringRef summary;
};

/// All models of this tree, in the order of models.def.
llvm::ArrayRef<ModelInfo> allModels();

/// The model of this name.
std::optional<Model> parseModel(llvm::StringRef name);

/// The names of all models, for a message: `thread, pool`.
std::string modelNames();

/// Proves the program: acyclic, lock order, deadlock freedom. What every object has gone through.
void buildCheckPipeline(mlir::OpPassManager &passes);

/// From a freshly imported program to the llvm dialect with debug locations. Without a model the object serves every
/// model.
void buildLoweringPipeline(mlir::OpPassManager &passes, std::optional<Model> model);

/// Registers `flux-check` and `flux-lower-to-<model>` with flux-opt.
void registerPipelines();

} // namespace flux

#endif // FLUX_PIPELINES_PIPELINES_H
