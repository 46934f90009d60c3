//===- compiler-bench.cpp - How the compiler's time and memory grow with the program ------------------------------===//
//
// Each part of `fluxc check`, all of it, and object code, over the size of the program in nodes. All time is CPU time,
// since it alone does not depend on what else the machine does. `peak_MB` is the most memory that the process had while
// the largest run of a benchmark lasted; `per_node` shows growth at a glance, and the fit of the curve stands below it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Programs.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "flux/Frontend/Import.h"
#include "flux/Pipelines/Pipelines.h"
#include "flux/Target/Object.h"
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

/// Measures `step` on programs that `prepare` has been applied to.
template <typename Prepare, typename Step>
void measure(benchmark::State &state, LockOrder order, Prepare prepare, Step step) {
  std::string text = bench::layeredProgram(state.range(0), order);
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

using Function = void (*)(Compilation &);

void addCurve(const char *name, LockOrder locks, Function prepare, Function step, llvm::ArrayRef<int64_t> sizes) {
  auto *curve =
      benchmark::RegisterBenchmark(name, [=](benchmark::State &state) { measure(state, locks, prepare, step); });
  for (int64_t size : sizes)
    curve->Arg(size);
  curve->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->Complexity();
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  constexpr int64_t sizes[] = {1'000, 3'000, 10'000, 30'000, 100'000, 300'000};
  llvm::ArrayRef<int64_t> all(sizes);
  addCurve("check", LockOrder::Consistent, nothing, check, all);
  addCurve("check/import", LockOrder::Consistent, nothing, import, all);
  addCurve("check/verify", LockOrder::Consistent, import, verify, all);
  addCurve("check/order", LockOrder::Consistent, import, order, all);
  addCurve("check/prove", LockOrder::Consistent, importAndOrder, prove, all);
  addCurve("check_inverted", LockOrder::Inverted, nothing, check, all.drop_back());
  addCurve("object", LockOrder::Consistent, import, emitObject, all.take_front(3));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
