//===- ElisionAgreement.cpp - Whether programs do without the locks that are removed -----------------------------===//

#include "ElisionAgreement.h"
#include "GraphReader.h"
#include "Programs.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

using namespace explorer;
using namespace mlir;
using flux::ModelInfo;

ElisionAgreement::ElisionAgreement(LoopLimits limits, bool force)
    : limits(limits), force(force), context(MLIRContext::Threading::DISABLED) {
  context.loadDialect<flux::FluxDialect>();
}

void ElisionAgreement::check(const std::string &programName, const std::string &text, Random random) {
  ScopedDiagnosticHandler silence(&context, [](Diagnostic &) { return success(); });
  name = programName;
  known.clear();
  ++programs;
  OwningOpRef<ModuleOp> program = importText(text, name, context);
  if (!program || !prepare(*program, random)) {
    ++faults;
    llvm::outs() << name << ": cannot be brought into order\n";
    return;
  }
  for (const ModelInfo &model : flux::allModels())
    checkModel(model, *program);
}

/// Draws what does not block, and gives each region a line of its own, by which it is known after others are gone.
bool ElisionAgreement::prepare(ModuleOp program, Random &random) {
  if (!runPass(program, flux::createFluxAssignLockOrder()))
    return false;
  calm = {};
  unsigned percent = random.between(10, 95);
  auto never = flux::BlocksAttr::get(&context, flux::Verdict::Never, "it was drawn");
  for (flux::NodeOp node : program.getOps<flux::NodeOp>())
    if (random.chance(percent))
      node.setBlocking(flux::Blocking::Nonblocking);
  for (flux::PredicateOp predicate : program.getOps<flux::PredicateOp>())
    if (random.chance(percent)) {
      predicate.setBlocksAttr(never);
      calm.predicates.insert(predicate.getSymName().str());
    }
  for (auto [number, handler] : llvm::enumerate(program.getOps<flux::HandlerOp>()))
    if (random.chance(percent)) {
      handler.setBlocksAttr(never);
      calm.handlers.insert(number);
    }
  unsigned line = 0;
  program.walk([&](flux::ConstrainedOp region) { region->setLoc(FileLineColLoc::get(&context, "region", ++line, 1)); });
  return true;
}

void ElisionAgreement::checkModel(const ModelInfo &model, ModuleOp program) {
  OwningOpRef<ModuleOp> reduced = program.clone();
  if (!runPass(*reduced, flux::createFluxElideLocks({model.name.str(), force}))) {
    ++faults;
    llvm::outs() << name << ", " << model.name << ": the locks cannot be removed\n";
    return;
  }
  llvm::json::Value before = graphOf(program), after = graphOf(*reduced);
  Totals &total = totals[model.name.str()];
  total.locks += llvm::range_size(program.getOps<flux::LockOp>());
  total.kept += llvm::range_size(reduced->getOps<flux::LockOp>());
  LoopVerdict verdict = explore(model, *before.getAsObject(), *after.getAsObject());
  total.overlaps += verdict.fault == LoopFault::Overlap;
  total.deadlocks += verdict.fault == LoopFault::Deadlock;
  if (verdict.fault == LoopFault::None) {
    ++total.byFlows[verdict.flows];
    return countKept(model, *before.getAsObject(), *after.getAsObject());
  }
  ++faults;
  if (!force)
    llvm::outs() << name << ", " << model.name << ": "
                 << (verdict.fault == LoopFault::Overlap ? "two flows are in one constraint:\n" : "flows deadlock:\n")
                 << verdict.way;
}

LoopVerdict ElisionAgreement::explore(const ModelInfo &model, const llvm::json::Object &before,
                                      const llvm::json::Object &after) {
  bool isSingleLoop = model.has(flux::ModelTrait::OneLoop), runsOnLoops = model.has(flux::ModelTrait::Loops);
  LoopSetting setting{isSingleLoop ? 1u : runsOnLoops ? 2u : 0u, model.has(flux::ModelTrait::SourcesInTurn)};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(llvm::json::Object(after));
  auto [entry, isNew] = known.try_emplace({setting.loops, setting.callsSourcesInTurn, std::move(text)});
  if (isNew)
    entry->second = exploreLoops(makeLoopModel(before, after, calm), setting, limits);
  return entry->second;
}

static llvm::json::Value without(StringRef lock, const llvm::json::Value &value) {
  if (const llvm::json::Object *object = value.getAsObject()) {
    llvm::json::Object result;
    for (const auto &[key, inner] : *object)
      result[key] = without(lock, inner);
    return result;
  }
  const llvm::json::Array *array = value.getAsArray();
  if (!array)
    return value;
  llvm::json::Array result;
  for (const llvm::json::Value &inner : *array)
    if (!inner.getAsObject() || inner.getAsObject()->getString("lock") != lock)
      result.push_back(without(lock, inner));
  return result;
}

/// Counts locks that are kept, and of them those without which, each alone, nothing happens either.
void ElisionAgreement::countKept(const ModelInfo &model, const llvm::json::Object &before,
                                 const llvm::json::Object &after) {
  for (const llvm::json::Value &lock : list(after, "locks")) {
    llvm::json::Value less = without(text(*lock.getAsObject(), "name"), llvm::json::Object(after));
    totals[model.name.str()].keptWithoutNeed += explore(model, before, *less.getAsObject()).fault == LoopFault::None;
  }
}

void ElisionAgreement::printTotals() const {
  llvm::outs() << programs << " programs without some of their locks: " << faults << " faults\n";
  for (const ModelInfo &model : flux::allModels()) {
    const Totals &total = totals.at(model.name.str());
    llvm::outs() << model.name << ": " << total.overlaps << " overlaps, " << total.deadlocks << " deadlocks, "
                 << total.kept << " of " << total.locks << " locks kept, " << total.keptWithoutNeed << " without need;";
    for (auto [flows, runs] : total.byFlows)
      llvm::outs() << " " << runs << " programs with " << flows << " flows";
    llvm::outs() << "\n";
  }
}
