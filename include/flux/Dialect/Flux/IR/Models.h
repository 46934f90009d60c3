//===- Models.h - The execution models as the compiler knows them ------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_IR_MODELS_H
#define FLUX_DIALECT_FLUX_IR_MODELS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

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

  /// Its bit in flux_ir_program::models.
  uint64_t bit() const { return uint64_t(1) << unsigned(model); }
  /// Whether flows run on event loops, where a flow gives way to others of its loop only where it parks.
  bool runsOnLoops() const;
  /// Whether all flows run on one event loop.
  bool isSingleLoop() const;
  /// Whether flows run on several event loops.
  bool hasSeveralLoops() const { return runsOnLoops() && !isSingleLoop(); }
  /// Whether a fixed number of workers runs the flows, each one at a time, while others are queued.
  bool hasBoundedWorkers() const;
  /// Whether each source is called by one thread of one process, so that no two calls of it overlap.
  bool callsSourcesInTurn() const;
};

/// All models of this tree, in the order of models.def.
llvm::ArrayRef<ModelInfo> allModels();

/// The model of this name.
std::optional<Model> parseModel(llvm::StringRef name);

/// What there is to know of a model.
const ModelInfo &infoOf(Model model);

/// The names of all models, for a message: `thread, pool`.
std::string modelNames();

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_MODELS_H
