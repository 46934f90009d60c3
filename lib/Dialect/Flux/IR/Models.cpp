//===- Models.cpp - The execution models as the compiler knows them ----------------------------------------------===//

#include "flux/Dialect/Flux/IR/Models.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace flux;
using llvm::StringRef;

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

const ModelInfo &flux::infoOf(Model model) {
  return *llvm::find_if(allModels(), [&](const ModelInfo &info) { return info.model == model; });
}

std::string flux::modelNames() {
  return llvm::join(llvm::map_range(allModels(), [](const ModelInfo &info) { return info.name; }), ", ");
}

// The lists name what holds; a model that is not on them gets no favours.

bool ModelInfo::runsOnLoops() const { return llvm::is_contained({"sped", "amped", "percore"}, name); }

bool ModelInfo::isSingleLoop() const { return llvm::is_contained({"sped", "amped"}, name); }

bool ModelInfo::hasBoundedWorkers() const { return llvm::is_contained({"pool", "process"}, name); }

bool ModelInfo::callsSourcesInTurn() const { return llvm::is_contained({"thread", "pool", "sped", "amped"}, name); }
