//===- Agreement.cpp - One random program, several opinions on it ------------------------------------------------===//

#include "Agreement.h"
#include "Hoists.h"
#include "QueueExplorer.h"
#include "RandomProgram.h"
#include "flux/Analysis/Certificate.h"
#include "flux/Analysis/LockOrder.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "flux/Frontend/Import.h"
#include "flux/Target/Json.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/SourceMgr.h"
#include <random>

using namespace explorer;
using namespace mlir;

Agreement::Agreement(Limits limits, llvm::raw_ostream *proofs)
    : limits(limits), proofs(proofs), context(MLIRContext::Threading::DISABLED) {
  context.loadDialect<flux::FluxDialect>();
}

static bool run(ModuleOp program, std::unique_ptr<Pass> pass) {
  PassManager passes(program.getContext());
  passes.enableVerifier(false);
  passes.addPass(std::move(pass));
  return succeeded(passes.run(program));
}

bool Agreement::accepts(ModuleOp program) { return run(program, flux::createVerifyDeadlockFree()); }

OwningOpRef<ModuleOp> Agreement::import(uint64_t seed) {
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBufferCopy(randomProgram(seed), "seed-" + std::to_string(seed) + ".flux"), {});
  return flux::importFlux(sources, &context);
}

/// Gives the locks ranks: those in the order that the proof assumes without
/// any, or ones drawn at random.
static void rankLocks(ModuleOp program) {
  flux::FlowGraph graph(program);
  flux::LockContexts contexts(program, graph);
  for (auto [rank, lock] : llvm::enumerate(*flux::findLockOrder(contexts)))
    flux::LockOp(contexts.locks()[lock]).setRank(rank);
}

static void rankLocksAtRandom(ModuleOp program, uint64_t seed) {
  std::mt19937_64 random(seed);
  SmallVector<flux::LockOp> locks(program.getOps<flux::LockOp>());
  for (size_t index = locks.size(); index > 1; --index)
    std::swap(locks[index - 1], locks[random() % index]);
  for (auto [rank, lock] : llvm::enumerate(locks))
    lock.setRank(rank);
}

/// The program as other tools see it.
static llvm::json::Value graphOf(ModuleOp program) {
  std::string text;
  llvm::raw_string_ostream os(text);
  (void)flux::writeJson(program, os);
  return llvm::cantFail(llvm::json::parse(text));
}

void Agreement::saveProof(ModuleOp program) {
  if (!proofs)
    return;
  flux::FlowGraph graph(program);
  flux::LockContexts contexts(program, graph);
  std::string certificate;
  llvm::raw_string_ostream os(certificate);
  flux::writeCertificate(contexts, *flux::findLockOrder(contexts), os);
  *proofs << "{\"certificate\": " << StringRef(certificate).rtrim() << ", \"graph\": " << graphOf(program) << "}\n";
}

Verdict Agreement::exploreProgram(uint64_t seed, llvm::StringRef form, ModuleOp program) {
  LockModel model = llvm::cantFail(makeLockModel(graphOf(program)));
  Verdict verdict = explore(model, limits.flows, limits.states);
  if (!verdict.deadlocks)
    ++runsByFlows[verdict.flows];
  compareWithQueues(seed, form, model, verdict);
  return verdict;
}

/// Holds a verdict of the explorer against what flows with queues do, as far as
/// both have come.
void Agreement::compareWithQueues(uint64_t seed, llvm::StringRef form, const LockModel &model, const Verdict &verdict) {
  if (limits.queuedFlows == 0)
    return;
  Verdict queues = exploreWithQueues(model, limits.queuedFlows, limits.states);
  unsigned flows = std::min(verdict.flows, queues.flows);
  bool deadlocks = verdict.deadlocks && verdict.flows == flows;
  ++(queues.deadlocks || queues.flows >= std::min(verdict.flows, limits.queuedFlows) ? compared : comparedInPart);
  if (deadlocks != (queues.deadlocks && queues.flows == flows))
    disagree(seed, form, "deadlocks " + llvm::Twine(deadlocks ? "without" : "with") + " queues only");
}

void Agreement::check(uint64_t seed) {
  ScopedDiagnosticHandler silence(&context, [](Diagnostic &) { return success(); });
  ++programs;
  OwningOpRef<ModuleOp> program = import(seed);
  if (!program)
    return disagree(seed, "as written", "does not import");
  OwningOpRef<ModuleOp> ranked = program->clone(), shuffled = program->clone(), original = program->clone();
  bool isAccepted = accepts(*program);
  rankLocks(*ranked);
  if (accepts(*ranked) != isAccepted)
    disagree(seed, "as written", "is judged otherwise with the ranks that the proof chose");
  checkVerdict(seed, "as written", *ranked);
  rankLocksAtRandom(*shuffled, seed);
  checkVerdict(seed, "with random ranks", *shuffled);
  checkOrdered(seed, *program);
  checkHoists(seed, *original, *program);
}

void Agreement::checkVerdict(uint64_t seed, llvm::StringRef form, ModuleOp program) {
  bool isAccepted = accepts(program);
  ++(isAccepted ? accepted : refused);
  if (isAccepted)
    saveProof(program);
  Verdict verdict = exploreProgram(seed, form, program);
  if (isAccepted && verdict.deadlocks)
    disagree(seed, form, "is accepted, but deadlocks:\n" + verdict.deadlock);
  if (!isAccepted && !verdict.deadlocks) {
    ++falselyRefused;
    llvm::outs() << "seed " << seed << ", " << form << ": is refused, but does not deadlock with " << verdict.flows
                 << " flows\n";
  }
}

void Agreement::checkOrdered(uint64_t seed, ModuleOp program) {
  if (!run(program, flux::createFluxAssignLockOrder()))
    return disagree(seed, "in order", "cannot be brought into it");
  if (!accepts(program))
    return disagree(seed, "in order", "is refused");
  ++ordered;
  saveProof(program);
  Verdict verdict = exploreProgram(seed, "in order", program);
  if (verdict.deadlocks)
    disagree(seed, "in order", "deadlocks:\n" + verdict.deadlock);
}

void Agreement::checkHoists(uint64_t seed, ModuleOp original, ModuleOp ordered) {
  Hoists hoists = countHoists(original, ordered);
  hoisted += hoists.made != 0;
  fewest += hoists.made != 0 && hoists.fewest == hoists.made;
  tooManyChoices += hoists.made != 0 && !hoists.fewest;
  if (!hoists.fewest || *hoists.fewest == hoists.made)
    return;
  llvm::outs() << "seed " << seed << ", in order: takes " << hoists.made << " locks early where " << *hoists.fewest
               << " would do\n";
}

void Agreement::disagree(uint64_t seed, llvm::StringRef form, const llvm::Twine &what) {
  ++disagreements;
  llvm::outs() << "seed " << seed << ", " << form << ": " << what << "\n";
}

void Agreement::printTotals() const {
  llvm::outs() << programs << " programs: " << accepted << " verdicts accept, " << refused << " refuse, " << ordered
               << " in order, " << disagreements << " disagreements, " << falselyRefused << " refused without need\n"
               << hoisted << " programs take locks early, " << fewest << " of them as few as any choice would, "
               << tooManyChoices << " with too many choices to try\n"
               << compared << " explorations compared with a model of queues at up to " << limits.queuedFlows
               << " flows, " << comparedInPart << " more as far as it came in " << limits.states << " states\n";
  for (auto [flows, runs] : runsByFlows)
    llvm::outs() << runs << " explorations without a deadlock ran " << flows << " flows at a time"
                 << (flows == limits.flows ? ""
                                           : " and were given up for more states than the limit "
                                             "with one flow more")
                 << "\n";
}
