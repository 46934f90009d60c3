//===- flux-agreement.cpp - Holds the compiler's proof against brute force ---------------------------------------===//
//
// For each of many random programs: does verify-deadlock-free agree with the explorer on the program as it stands, with
// ranks drawn at random, and after flux-assign-lock-order? What the pass accepts must not deadlock, nor may anything
// once the order is assigned. What it refuses should deadlock, and no fewer early acquisitions should do; where that is
// not so, the program's seed is printed and counted. The explorer itself is held against a simpler one that keeps
// queues. With --neighbours the programs are those around one that is hard to judge; with --elision the question is
// whether programs do without the locks that flux-elide-locks removes.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Agreement.h"
#include "ElisionAgreement.h"
#include "GatedProgram.h"
#include "Programs.h"
#include "RandomProgram.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include <set>

using namespace explorer;
namespace cl = llvm::cl;

namespace {

cl::opt<std::string> graphFile(cl::Positional, cl::desc("[file of flux-translate --flux-to-json to explore]"));
cl::opt<unsigned> count("count", cl::desc("programs to try"), cl::init(300));
cl::opt<uint64_t> firstSeed("seed", cl::desc("seed of the first program"), cl::init(1));
cl::opt<unsigned> maxFlows("flows", cl::desc("flows in the longest circle that is tried"), cl::init(10));
cl::opt<unsigned> elisionFlows("elision-flows", cl::desc("the most flows that run at a time on loops"), cl::init(4));
cl::opt<unsigned> queuedFlows("queued-flows", cl::desc("flows that run at a time in the model of queues"), cl::init(2));
cl::opt<size_t> maxStates("states", cl::desc("states after which an exploration is given up"), cl::init(100'000));
cl::opt<std::string> proofs("proofs", cl::desc("write a line of JSON for each proof to this file"));
cl::opt<bool> neighbours("neighbours", cl::desc("try the program whose circle needs a place twice, and those near it"));
cl::opt<bool> elision("elision", cl::desc("remove locks on each model, and look at what is left"));
cl::opt<bool> force("force", cl::desc("with --elision: remove all locks"));
cl::opt<bool> print("print", cl::desc("print the program of --seed, or with this --title of the neighbours, and end"));
cl::opt<std::string> title("title", cl::desc("what the neighbour differs in"));

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
  llvm::outs() << (verdict.isComplete ? "any number of" : std::to_string(verdict.flows)) << " flows, " << verdict.states
               << " states: "
               << (verdict.deadlocks ? "deadlock\n" + describe(*model, verdict.circle) : "no deadlock\n");
  return verdict.deadlocks ? 1 : 0;
}

/// With what brute force says of it, as a comment.
int printProgram() {
  std::string text = !title.empty() ? "" : elision ? randomLoopProgram(firstSeed) : randomProgram(firstSeed);
  for (const Neighbour &each : neighboursOfGatedCircle())
    if (each.title == title)
      text = each.program.text();
  mlir::MLIRContext context;
  context.loadDialect<flux::FluxDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> program = importText(text, "random", context);
  if (text.empty() || !program) {
    llvm::errs() << "flux-agreement: there is no neighbour '" << title << "'\n";
    return 2;
  }
  rankLocks(*program);
  LockModel model = llvm::cantFail(makeLockModel(graphOf(*program)));
  Verdict verdict = explore(model, maxFlows, maxStates);
  std::set<unsigned> sessions;
  for (const Walker &flow : verdict.circle)
    sessions.insert(flow.session);
  llvm::outs() << "// " << (verdict.isComplete ? "any number of" : std::to_string(verdict.flows)) << " flows"
               << (verdict.deadlocks ? " in " + std::to_string(sessions.size()) + " sessions deadlock\n"
                                     : std::string(" do not deadlock\n"))
               << text;
  return 0;
}

/// Has an opinion on each program.
template <typename Opinion> int tryAll(Opinion opinion, std::string (*draw)(uint64_t)) {
  if (neighbours)
    for (const Neighbour &each : neighboursOfGatedCircle())
      opinion.check(each.title, each.program.text(), Random(firstSeed));
  else
    for (uint64_t seed = firstSeed; seed != firstSeed + count; ++seed)
      opinion.check("seed " + std::to_string(seed), draw(seed), Random(seed));
  opinion.printTotals();
  return opinion.holds() ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "Flux: proofs held against brute force\n");
  if (!graphFile.empty())
    return exploreFile();
  if (print)
    return printProgram();
  std::error_code error;
  llvm::raw_fd_ostream proofStream(proofs.empty() ? "-" : proofs.getValue(), error);
  if (error) {
    llvm::errs() << "flux-agreement: " << proofs << ": " << error.message() << "\n";
    return 2;
  }
  if (elision)
    return tryAll(ElisionAgreement({elisionFlows, 3, maxStates}, force), randomLoopProgram);
  return tryAll(Agreement({maxFlows, queuedFlows, maxStates}, proofs.empty() ? nullptr : &proofStream), randomProgram);
}
