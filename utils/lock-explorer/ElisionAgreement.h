//===- ElisionAgreement.h - Whether programs do without the locks that are removed ---------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_ELISIONAGREEMENT_H
#define FLUX_UTILS_LOCKEXPLORER_ELISIONAGREEMENT_H

#include "LoopExplorer.h"
#include "Random.h"
#include "flux/Dialect/Flux/IR/Models.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include <map>

namespace explorer {

class ElisionAgreement {
public:
  /// With `force`, all locks are removed: then there must be faults.
  ElisionAgreement(LoopLimits limits, bool force);

  /// Brings the locks of a program in Flux into order, draws at random what may block in it, removes on each model what
  /// it does not need, and looks at what is left. Faults are printed.
  void check(const std::string &name, const std::string &text, Random random);

  void printTotals() const;
  bool holds() const { return faults == 0; }

private:
  /// What became of the programs on one model.
  struct Totals {
    unsigned overlaps = 0, deadlocks = 0;
    unsigned locks = 0, kept = 0, keptWithoutNeed = 0;
    std::map<unsigned, unsigned> byFlows; ///< programs without faults, by the most flows that ran in every order
  };

  bool prepare(mlir::ModuleOp program, Random &random);
  void checkModel(const flux::ModelInfo &model, mlir::ModuleOp program);
  LoopVerdict explore(const flux::ModelInfo &model, const llvm::json::Object &before, const llvm::json::Object &after);
  void countKept(const flux::ModelInfo &model, const llvm::json::Object &before, const llvm::json::Object &after);

  LoopLimits limits;
  bool force;
  mlir::MLIRContext context;
  std::string name; ///< of the program at hand
  KnownCalm calm;   ///< of the program at hand
  /// What has been said of the program at hand without some of its locks, on models that do not differ.
  std::map<std::tuple<unsigned, bool, std::string>, LoopVerdict> known;
  unsigned programs = 0, faults = 0;
  std::map<std::string, Totals> totals; ///< by the names of models
};

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_ELISIONAGREEMENT_H
