//===- Programs.cpp - Programs in Flux, in the compiler and as other tools see them ------------------------------===//

#include "Programs.h"
#include "flux/Analysis/LockOrder.h"
#include "flux/Frontend/Import.h"
#include "flux/Target/Json.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/SourceMgr.h"

using namespace explorer;
using namespace mlir;

OwningOpRef<ModuleOp> explorer::importText(const std::string &text, const std::string &name, MLIRContext &context) {
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name + ".flux"), {});
  return flux::importFlux(sources, &context);
}

bool explorer::runPass(ModuleOp program, std::unique_ptr<Pass> pass) {
  PassManager passes(program.getContext());
  passes.enableVerifier(false);
  passes.addPass(std::move(pass));
  return succeeded(passes.run(program));
}

void explorer::rankLocks(ModuleOp program) {
  flux::FlowGraph graph(program);
  flux::LockContexts contexts(program, graph);
  for (auto [rank, lock] : llvm::enumerate(*flux::findLockOrder(contexts)))
    flux::LockOp(contexts.locks()[lock]).setRank(rank);
}

llvm::json::Value explorer::graphOf(ModuleOp program) {
  std::string text;
  llvm::raw_string_ostream os(text);
  (void)flux::writeJson(program, os);
  return llvm::cantFail(llvm::json::parse(text));
}
