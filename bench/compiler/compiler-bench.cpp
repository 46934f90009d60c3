//===- compiler-bench.cpp - How the compiler's time and memory grow with the program ------------------------------===//
//
// Each part of `fluxc check`, all of it, and object code, over the size of the program in nodes; then what the tools
// make of programs that are large in one way, over the number of things that there are many of. All time is CPU time,
// since it alone does not depend on what else the machine does. `peak_MB` is the most memory that the process had while
// the largest run of a benchmark lasted; `per_node` shows growth at a glance, and the fit of the curve stands below it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Programs.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "flux/Frontend/Import.h"
#include "flux/Frontend/ProgramIndex.h"
#include "flux/Pipelines/Pipelines.h"
#include "flux/Target/Dot.h"
#include "flux/Target/Header.h"
#include "flux/Target/Json.h"
#include "flux/Target/Object.h"
#include "flux/Target/Promela.h"
#include "flux/Target/Source.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <malloc.h>

using namespace mlir;
using bench::LockOrder;

namespace {

/// The most memory that this process has had since it was made, in megabytes, as Linux counts it.
class PeakMemory {
public:
  PeakMemory() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";
  }

  double megabytes() const {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
      if (word == "VmHWM:" && status >> word)
        return std::stod(word) / 1024;
    return 0;
  }
};

/// A program being compiled, with a context of its own.
struct Compilation {
  explicit Compilation(const std::string &text) {
    DialectRegistry registry;
    flux::registerObjectDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadDialect<flux::FluxDialect>();
    sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(text, "bench.flux"), {});
  }

  void import() { module = flux::importFlux(sources, &context); }

  /// Runs passes without the verifier, which is measured apart.
  void run(llvm::function_ref<void(OpPassManager &)> build) {
    PassManager passes(&context);
    passes.enableVerifier(false);
    build(passes);
    require(succeeded(passes.run(*module)));
  }

  static void require(bool condition) {
    if (!condition)
      llvm::report_fatal_error("the program does not compile");
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  llvm::SourceMgr sources;
  OwningOpRef<ModuleOp> module;
};

void finish(benchmark::State &state, const PeakMemory &memory) {
  using benchmark::Counter;
  state.SetComplexityN(state.range(0));
  state.counters["peak_MB"] = memory.megabytes();
  state.counters["per_node"] = Counter(double(state.range(0)), Counter::kIsIterationInvariantRate | Counter::kInvert);
}

using Function = void (*)(Compilation &);
/// Makes a program of a size.
using Program = std::function<std::string(unsigned)>;

/// Measures `step` on programs that `prepare` has been applied to.
void measure(benchmark::State &state, const Program &program, Function prepare, Function step) {
  std::string text = program(state.range(0));
  PeakMemory memory;
  for (auto _ : state) {
    state.PauseTiming();
    auto compilation = std::make_unique<Compilation>(text);
    prepare(*compilation);
    state.ResumeTiming();
    step(*compilation);
    state.PauseTiming();
    compilation.reset();
    state.ResumeTiming();
  }
  finish(state, memory);
}

void nothing(Compilation &) {}
void import(Compilation &compilation) { compilation.import(); }
void verify(Compilation &compilation) { Compilation::require(succeeded(mlir::verify(*compilation.module))); }
void order(Compilation &compilation) {
  compilation.run([](OpPassManager &passes) { passes.addPass(flux::createFluxAssignLockOrder()); });
}
void prove(Compilation &compilation) {
  compilation.run([](OpPassManager &passes) { passes.addPass(flux::createVerifyDeadlockFree()); });
}
void importAndOrder(Compilation &compilation) {
  import(compilation);
  order(compilation);
}
/// What `fluxc check` does.
void check(Compilation &compilation) {
  import(compilation);
  PassManager passes(&compilation.context);
  flux::buildCheckPipeline(passes);
  Compilation::require(succeeded(passes.run(*compilation.module)));
}
void emitObject(Compilation &compilation) {
  compilation.run([](OpPassManager &passes) { flux::buildLoweringPipeline(passes, {}); });
  llvm::LLVMContext context;
  flux::ObjectOptions options;
  std::unique_ptr<llvm::Module> module = flux::translateToLLVM(*compilation.module, context, options);
  Compilation::require(module != nullptr);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  Compilation::require(succeeded(flux::writeObject(*compilation.module, *module, options, os)));
}

/// What flux-lsp-server does when a document changes, without the checks that `check` has.
void makeIndex(Compilation &compilation) {
  flux::ProgramIndex index;
  compilation.module = flux::importFlux(compilation.sources, &compilation.context, index);
}
template <LogicalResult (*writer)(ModuleOp, llvm::raw_ostream &)> void write(Compilation &compilation) {
  llvm::raw_null_ostream os;
  Compilation::require(succeeded(writer(*compilation.module, os)));
}
void writeSource(Compilation &compilation) {
  llvm::raw_null_ostream os;
  Compilation::require(succeeded(flux::writeSource(*compilation.module, compilation.sources, os)));
}
void writePromela(Compilation &compilation) {
  llvm::raw_null_ostream os;
  Compilation::require(succeeded(flux::writePromela(*compilation.module, /*flows=*/{2}, /*sessions=*/1, os)));
}

void addCurve(const std::string &name, const Program &program, Function prepare, Function step,
              llvm::ArrayRef<int64_t> sizes) {
  auto *curve = benchmark::RegisterBenchmark(name.c_str(),
                                             [=](benchmark::State &state) { measure(state, program, prepare, step); });
  for (int64_t size : sizes)
    curve->Arg(size);
  curve->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->Complexity();
}

/// The curves of `fluxc check` and its parts.
void addLayered() {
  constexpr int64_t sizes[] = {1'000, 3'000, 10'000, 30'000, 100'000, 300'000};
  llvm::ArrayRef<int64_t> all(sizes);
  Program consistent = [](unsigned nodes) { return bench::layeredProgram(nodes, LockOrder::Consistent); };
  Program inverted = [](unsigned nodes) { return bench::layeredProgram(nodes, LockOrder::Inverted); };
  addCurve("check", consistent, nothing, check, all);
  addCurve("check/import", consistent, nothing, import, all);
  addCurve("check/verify", consistent, import, verify, all);
  addCurve("check/order", consistent, import, order, all);
  addCurve("check/prove", consistent, importAndOrder, prove, all);
  addCurve("check_inverted", inverted, nothing, check, all.drop_back());
  addCurve("object", consistent, import, emitObject, all.take_front(3));
}

/// The curves of one shape up to `size` by the tools; Promela's only where SPIN has room for it.
void addShape(const std::string &shape, int64_t size, bool fitsSpin) {
  Program program = [shape](unsigned size) { return bench::shapedProgram(shape, size); };
  const int64_t sizes[] = {size / 4, size / 2, size};
  auto add = [&](const char *tool, Function prepare, Function step) {
    addCurve("shape/" + shape + "/" + tool, program, prepare, step, sizes);
  };
  add("check", nothing, check);
  add("index", nothing, makeIndex);
  add("source", import, writeSource);
  add("header", import, write<flux::writeHeader>);
  add("dot", import, write<flux::writeDot>);
  add("json", import, write<flux::writeJson>);
  if (fitsSpin)
    add("promela", import, writePromela);
  add("object", import, emitObject);
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  addLayered();
  for (const char *shape : {"chain", "calls"})
    addShape(shape, 100'000, /*fitsSpin=*/true);
  for (const char *shape :
       {"nested", "nested_handlers", "nested_dispatch", "cases", "predicates", "handlers", "shared"})
    addShape(shape, 10'000, /*fitsSpin=*/true);
  for (const char *shape : {"nested_constraints", "locks", "constraints", "sessions", "entered"})
    addShape(shape, 10'000, /*fitsSpin=*/false);
  addShape("long_names", 2'000, /*fitsSpin=*/true);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
