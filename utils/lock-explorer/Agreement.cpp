//===- Agreement.cpp - One program, several opinions on it -------------------------------------------------------===//

#include "Agreement.h"
#include "Hoists.h"
#include "Programs.h"
#include "QueueExplorer.h"
#include "flux/Analysis/Certificate.h"
#include "flux/Analysis/LockOrder.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include <set>

using namespace explorer;
using namespace mlir;

Agreement::Agreement(Limits limits, llvm::raw_ostream *proofs)
    : limits(limits), proofs(proofs), context(MLIRContext::Threading::DISABLED) {
  context.loadDialect<flux::FluxDialect>();
}

bool Agreement::accepts(ModuleOp program) { return runPass(program, flux::createVerifyDeadlockFree()); }

/// Gives the locks ranks that are drawn.
static void rankLocksAtRandom(ModuleOp program, Random &random) {
  SmallVector<flux::LockOp> locks(program.getOps<flux::LockOp>());
  for (size_t index = locks.size(); index > 1; --index)
    std::swap(locks[index - 1], locks[random.below(index)]);
  for (auto [rank, lock] : llvm::enumerate(locks))
    lock.setRank(rank);
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

Verdict Agreement::exploreProgram(llvm::StringRef form, const LockModel &model) {
  Verdict verdict = explore(model, limits.flows, limits.states);
  count(model, verdict);
  if (verdict.deadlocks && !deadlocksWithQueues(model, verdict))
    disagree(form, "deadlocks without queues only:\n" + describe(model, verdict.circle));
  compareWithQueues(form, model, verdict);
  return verdict;
}

void Agreement::count(const LockModel &model, const Verdict &verdict) {
  complete += verdict.isComplete;
  if (!verdict.deadlocks) {
    if (!verdict.isComplete)
      ++incompleteByFlows[verdict.flows];
    return;
  }
  ++deadlocksByFlows[verdict.flows];
  std::set<unsigned> points;
  for (const Walker &flow : verdict.circle)
    points.insert(flow.point);
  if (points.size() != verdict.circle.size())
    repeating += !explore(model, limits.flows, limits.states, Repeats::No).deadlocks;
}

/// Holds a verdict of the explorer against what flows with queues do, as far as both have come.
void Agreement::compareWithQueues(llvm::StringRef form, const LockModel &model, const Verdict &verdict) {
  if (limits.queuedFlows == 0)
    return;
  Verdict queues = exploreWithQueues(model, limits.queuedFlows, limits.states);
  unsigned flows = verdict.isComplete ? queues.flows : std::min(verdict.flows, queues.flows);
  bool deadlocks = verdict.deadlocks && verdict.flows == flows;
  ++(queues.deadlocks || queues.flows >= std::min(verdict.flows, limits.queuedFlows) ? compared : comparedInPart);
  if (deadlocks != (queues.deadlocks && queues.flows == flows))
    disagree(form, "deadlocks " + llvm::Twine(deadlocks ? "without" : "with") + " queues only");
}

void Agreement::check(const std::string &programName, const std::string &text, Random random) {
  ScopedDiagnosticHandler silence(&context, [](Diagnostic &) { return success(); });
  name = programName;
  ++programs;
  OwningOpRef<ModuleOp> program = importText(text, name, context);
  if (!program)
    return disagree("as written", "does not import");
  OwningOpRef<ModuleOp> ranked = program->clone(), shuffled = program->clone(), original = program->clone();
  bool isAccepted = accepts(*program);
  rankLocks(*ranked);
  if (accepts(*ranked) != isAccepted)
    disagree("as written", "is judged otherwise with the ranks that the proof chose");
  checkVerdict("as written", *ranked);
  rankLocksAtRandom(*shuffled, random);
  checkVerdict("with random ranks", *shuffled);
  checkOrdered(*program);
  checkHoists(*original, *program);
}

void Agreement::checkVerdict(llvm::StringRef form, ModuleOp program) {
  bool isAccepted = accepts(program);
  ++(isAccepted ? accepted : refused);
  if (isAccepted)
    saveProof(program);
  LockModel model = llvm::cantFail(makeLockModel(graphOf(program)));
  Verdict verdict = exploreProgram(form, model);
  if (isAccepted && verdict.deadlocks) {
    ++falselyAccepted;
    disagree(form, "is accepted, but deadlocks:\n" + describe(model, verdict.circle));
  }
  if (isAccepted || verdict.deadlocks)
    return;
  ++(verdict.isComplete ? falselyRefused : undecided);
  llvm::outs() << name << ", " << form << ": is refused, but does not deadlock with "
               << (verdict.isComplete ? "any number of" : std::to_string(verdict.flows)) << " flows\n";
}

void Agreement::checkOrdered(ModuleOp program) {
  if (!runPass(program, flux::createFluxAssignLockOrder()))
    return disagree("in order", "cannot be brought into it");
  if (!accepts(program))
    return disagree("in order", "is refused");
  ++ordered;
  saveProof(program);
  LockModel model = llvm::cantFail(makeLockModel(graphOf(program)));
  Verdict verdict = exploreProgram("in order", model);
  if (verdict.deadlocks)
    disagree("in order", "deadlocks:\n" + describe(model, verdict.circle));
}

void Agreement::checkHoists(ModuleOp original, ModuleOp ordered) {
  Hoists hoists = countHoists(original, ordered);
  hoisted += hoists.made != 0;
  fewest += hoists.made != 0 && hoists.fewest == hoists.made;
  tooManyChoices += hoists.made != 0 && !hoists.fewest;
  if (!hoists.fewest || *hoists.fewest == hoists.made)
    return;
  llvm::outs() << name << ", in order: takes " << hoists.made << " locks early where " << *hoists.fewest
               << " would do\n";
}

void Agreement::disagree(llvm::StringRef form, const llvm::Twine &what) {
  ++disagreements;
  llvm::outs() << name << ", " << form << ": " << what << "\n";
}

void Agreement::printTotals() const {
  auto &os = llvm::outs();
  os << programs << " programs: " << accepted << " verdicts accept, " << refused << " refuse, " << ordered
     << " in order, " << disagreements << " disagreements, " << falselyAccepted << " accepted wrongly, "
     << falselyRefused << " refused without need, " << undecided << " refused that could not be decided\n"
     << hoisted << " programs take locks early, " << fewest << " of them as few as any choice would, " << tooManyChoices
     << " with too many choices to try\n"
     << compared << " explorations compared with a model of queues at up to " << limits.queuedFlows << " flows, "
     << comparedInPart << " more as far as it came in " << limits.states << " states\n"
     << complete << " explorations find no deadlock of any number of flows\n";
  for (auto [flows, runs] : deadlocksByFlows)
    os << runs << " find one of " << flows << " flows\n";
  os << repeating << " of them find none without a place that is needed twice\n";
  for (auto [flows, runs] : incompleteByFlows)
    os << runs << " explorations find no deadlock of up to " << flows << " flows"
       << (flows == limits.flows ? ", the most that are tried"
                                 : " and were given up for more states than the limit with one flow more")
       << "\n";
}
