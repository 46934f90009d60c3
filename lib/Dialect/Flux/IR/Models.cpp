//===- Models.cpp - The execution models as the compiler knows them ----------------------------------------------===//
//
// Nothing else in the compiler depends on which models there are: only this file expands them.

#include "flux/Dialect/Flux/IR/Models.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace flux;
using llvm::StringRef;

namespace {

/// The traits by their own names, so that models.def can join them by `|`.
enum Trait : unsigned {
#define FLUX_MODEL_TRAIT(TRAIT, BIT, SUMMARY) TRAIT = static_cast<unsigned>(ModelTrait::TRAIT),
#include "flux/rt/models.def"
};

} // namespace

llvm::ArrayRef<ModelInfo> flux::allModels() {
  static constexpr ModelInfo models[] = {
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) {#NAME, SUMMARY, uint64_t(1) << (BIT), TRAITS},
#include "flux/rt/models.def"
  };
  return models;
}

const ModelInfo *flux::findModel(StringRef name) {
  for (const ModelInfo &model : allModels())
    if (model.name == name)
      return &model;
  return nullptr;
}

const ModelInfo &flux::defaultModel() {
#define FLUX_DEFAULT_MODEL(NAME) return *findModel(#NAME);
#include "flux/rt/models.def"
}

std::string flux::modelNames() {
  return llvm::join(llvm::map_range(allModels(), [](const ModelInfo &model) { return model.name; }), ", ");
}

std::string flux::modelNames(llvm::function_ref<bool(const ModelInfo &)> holds) {
  std::vector<std::string> names;
  for (const ModelInfo &model : allModels())
    if (holds(model))
      names.push_back(("'" + model.name + "'").str());
  if (names.size() < 2)
    return llvm::join(names, "");
  return llvm::join(llvm::ArrayRef(names).drop_back(), ", ") + " and " + names.back();
}
