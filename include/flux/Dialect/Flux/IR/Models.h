//===- Models.h - The execution models as the compiler knows them ------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_IR_MODELS_H
#define FLUX_DIALECT_FLUX_IR_MODELS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace flux {

/// What may hold of a model, one bit each: flux/rt/models.def says what each means.
enum class ModelTrait : unsigned {
#define FLUX_MODEL_TRAIT(TRAIT, BIT, SUMMARY) TRAIT = 1U << (BIT),
#include "flux/rt/models.def"
};

/// A model, as flux/rt/models.def has it. There is one of each, so that pointers may be compared; null stands for no
/// model in particular.
struct ModelInfo {
  llvm::StringRef name;
  llvm::StringRef summary;
  uint64_t bit;    ///< its bit in flux_ir_program::models
  unsigned traits; ///< bits of ModelTrait

  bool has(ModelTrait trait) const { return traits & static_cast<unsigned>(trait); }
};

/// All models of this tree, in the order of models.def.
llvm::ArrayRef<ModelInfo> allModels();

/// The model of this name, or null.
const ModelInfo *findModel(llvm::StringRef name);

/// What a program is built for unless its user says otherwise.
const ModelInfo &defaultModel();

/// The names of all models, for a message: `a, b, c`.
std::string modelNames();

/// The quoted names of the models that `holds` holds for: `'a', 'b' and 'c'`.
std::string modelNames(llvm::function_ref<bool(const ModelInfo &)> holds);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_MODELS_H
