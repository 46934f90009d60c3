//===- Agreement.h - One program, several opinions on it -----------------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H
#define FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H

#include "Explorer.h"
#include "Random.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

namespace explorer {

class Agreement {
public:
  /// How far explorations go.
  struct Limits {
    unsigned flows;       ///< that run at a time
    unsigned queuedFlows; ///< the same where the explorer is compared with the
                          ///< model of queues
    size_t states;        ///< after which either is given up
  };

  /// Each proof goes, with the graph that it is about, as a line of JSON to
  /// `proofs`, unless that is null.
  Agreement(Limits limits, llvm::raw_ostream *proofs);

  /// Compares what is said of a program in Flux; disagreements are printed with its name. `random` draws what else
  /// there is to choose.
  void check(const std::string &name, const std::string &text, Random random);

  void printTotals() const;
  /// Whether nothing that was accepted, or brought into order, deadlocks, and the explorers agree. Refusals without
  /// need are counted apart.
  bool holds() const { return disagreements == 0; }

private:
  void checkVerdict(llvm::StringRef form, mlir::ModuleOp program);
  void checkOrdered(mlir::ModuleOp program);
  void checkHoists(mlir::ModuleOp original, mlir::ModuleOp ordered);
  void disagree(llvm::StringRef form, const llvm::Twine &what);
  bool accepts(mlir::ModuleOp program);
  void saveProof(mlir::ModuleOp program);
  Verdict exploreProgram(llvm::StringRef form, const LockModel &model);
  void compareWithQueues(llvm::StringRef form, const LockModel &model, const Verdict &verdict);
  void count(const LockModel &model, const Verdict &verdict);

  Limits limits;
  llvm::raw_ostream *proofs;
  mlir::MLIRContext context;
  std::string name; ///< of the program at hand
  unsigned programs = 0, accepted = 0, refused = 0, ordered = 0, disagreements = 0, falselyAccepted = 0;
  unsigned hoisted = 0, fewest = 0, tooManyChoices = 0;
  unsigned falselyRefused = 0, undecided = 0;     ///< refusals of what does not deadlock, as far as was tried
  unsigned compared = 0, comparedInPart = 0;      ///< explorations with the model of queues
  unsigned complete = 0, repeating = 0;           ///< explorations
  std::map<unsigned, unsigned> deadlocksByFlows;  ///< by the fewest that deadlock
  std::map<unsigned, unsigned> incompleteByFlows; ///< without a deadlock, by the most flows that were tried
};

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H
