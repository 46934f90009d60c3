//===- flux-agreement.cpp - Holds the compiler's proof against brute force ---------------------------------------===//
//
// For each of many random programs: does verify-deadlock-free agree with the
// explorer on the program as it stands, with ranks drawn at random, and after
// flux-assign-lock-order? What the pass accepts must not deadlock, nor may
// anything once the order is assigned. What it refuses should deadlock, and no
// fewer early acquisitions should do; where that is not so, the program's seed
// is printed and counted. The explorer itself is held against a simpler one
// that keeps queues.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Agreement.h"
#include "RandomProgram.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace explorer;
namespace cl = llvm::cl;

namespace {

cl::opt<std::string> graphFile(cl::Positional, cl::desc("[file of flux-translate --flux-to-json to explore]"));
cl::opt<unsigned> count("count", cl::desc("programs to try"), cl::init(300));
cl::opt<uint64_t> firstSeed("seed", cl::desc("seed of the first program"), cl::init(1));
cl::opt<unsigned> maxFlows("flows", cl::desc("flows that run at a time"), cl::init(5));
cl::opt<unsigned> queuedFlows("queued-flows", cl::desc("flows that run at a time in the model of queues"), cl::init(2));
cl::opt<size_t> maxStates("states", cl::desc("states after which an exploration is given up"), cl::init(100'000));
cl::opt<std::string> proofs("proofs", cl::desc("write a line of JSON for each proof to this file"));
cl::opt<bool> print("print", cl::desc("print the program of --seed and end"));

/// Explores one program. The exit status is that of `grep`: 0 without a
/// deadlock, 1 with, 2 after an error.
int exploreFile() {
  auto fail = [](const llvm::Twine &message) {
    llvm::errs() << "flux-agreement: " << message << "\n";
    return 2;
  };
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(graphFile);
  if (!buffer)
    return fail(graphFile + ": " + buffer.getError().message());
  auto graph = llvm::json::parse((*buffer)->getBuffer());
  if (!graph)
    return fail(graphFile + ": " + toString(graph.takeError()));
  auto model = makeLockModel(*graph);
  if (!model)
    return fail(graphFile + ": " + toString(model.takeError()));
  Verdict verdict = explore(*model, maxFlows, maxStates);
  llvm::outs() << verdict.flows << " flows, " << verdict.states
               << " states: " << (verdict.deadlocks ? "deadlock\n" + verdict.deadlock : "no deadlock\n");
  return verdict.deadlocks ? 1 : 0;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "Flux: proofs held against brute force\n");
  if (!graphFile.empty())
    return exploreFile();
  if (print) {
    llvm::outs() << randomProgram(firstSeed);
    return 0;
  }
  std::error_code error;
  llvm::raw_fd_ostream proofStream(proofs.empty() ? "-" : proofs.getValue(), error);
  if (error) {
    llvm::errs() << "flux-agreement: " << proofs << ": " << error.message() << "\n";
    return 2;
  }
  Agreement agreement({maxFlows, queuedFlows, maxStates}, proofs.empty() ? nullptr : &proofStream);
  for (uint64_t seed = firstSeed; seed != firstSeed + count; ++seed)
    agreement.check(seed);
  agreement.printTotals();
  return agreement.holds() ? 0 : 1;
}
