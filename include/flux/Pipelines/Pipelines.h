//===- Pipelines.h - The ways from a program to machine code, one per execution model ----------------*- C++ -*-===//

#ifndef FLUX_PIPELINES_PIPELINES_H
#define FLUX_PIPELINES_PIPELINES_H

#include "flux/Dialect/Flux/IR/Models.h"
#include "mlir/Pass/PassManager.h"

namespace flux {

/// Proves the program: acyclic, lock order, deadlock freedom. What every object has gone through.
void buildCheckPipeline(mlir::OpPassManager &passes);

/// How a program is lowered.
struct LoweringOptions {
  const ModelInfo *model = nullptr; ///< what the program is specialised for; without it the object serves every model
  std::vector<std::string> nodes;   ///< files with the bitcode of the nodes, as far as there is any
  std::vector<std::string> linked;  ///< other files that are linked, except for the C and C++ libraries
  bool unseen = false;              ///< there are more of those
  bool debug = false;               ///< the server ends where a node breaks its promise not to block
  bool exceptions = false; ///< those that leave a function of the program become errors; the C++ library is linked
};

/// Looks, in the nodes' bitcode, for what they wait for besides constraints: on `model`, or on any. With `strict`, more
/// of what is found are warnings.
void buildWaitPipeline(mlir::OpPassManager &passes, llvm::ArrayRef<std::string> nodes, const ModelInfo *model,
                       bool strict);

/// From a freshly imported program to the llvm dialect with debug locations.
void buildLoweringPipeline(mlir::OpPassManager &passes, const LoweringOptions &options);

/// Registers `flux-check` and `flux-lower-to-<model>` with flux-opt.
void registerPipelines();

} // namespace flux

#endif // FLUX_PIPELINES_PIPELINES_H
