//===- Agreement.h - One random program, several opinions on it
//---------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H
#define FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H

#include "Explorer.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
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

  /// Makes the program of this seed and compares; disagreements are printed.
  void check(uint64_t seed);

  void printTotals() const;
  /// Whether nothing that was accepted, or brought into order, deadlocks, and
  /// the explorers agree. Refusals without need are counted apart.
  bool holds() const { return disagreements == 0; }

private:
  void checkVerdict(uint64_t seed, llvm::StringRef form, mlir::ModuleOp program);
  void checkOrdered(uint64_t seed, mlir::ModuleOp program);
  void checkHoists(uint64_t seed, mlir::ModuleOp original, mlir::ModuleOp ordered);
  void disagree(uint64_t seed, llvm::StringRef form, const llvm::Twine &what);
  mlir::OwningOpRef<mlir::ModuleOp> import(uint64_t seed);
  bool accepts(mlir::ModuleOp program);
  void saveProof(mlir::ModuleOp program);
  Verdict exploreProgram(uint64_t seed, llvm::StringRef form, mlir::ModuleOp program);
  void compareWithQueues(uint64_t seed, llvm::StringRef form, const LockModel &model, const Verdict &verdict);

  Limits limits;
  llvm::raw_ostream *proofs;
  mlir::MLIRContext context;
  unsigned programs = 0, accepted = 0, refused = 0, ordered = 0, disagreements = 0;
  unsigned hoisted = 0, fewest = 0, tooManyChoices = 0, falselyRefused = 0;
  unsigned compared = 0,
           comparedInPart = 0;              ///< explorations with the model of queues
  std::map<unsigned, unsigned> runsByFlows; ///< explorations without a deadlock, by the flows that ran
                                            ///< at a time
};

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_AGREEMENT_H
