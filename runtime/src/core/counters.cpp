#include "core/counters.h"

#include "core/os/cache_line.h"
#include "core/os/mutex.h"
#include "core/runtime.h"

#include <sys/mman.h>

namespace flux {

namespace {

Mutex mutex;
Counters *allBlocks FLUX_GUARDED_BY(mutex) = nullptr;
Counters *freeBlocks FLUX_GUARDED_BY(mutex) = nullptr;

void addCounters(Counters *counters) FLUX_REQUIRES(mutex) {
  counters->next = allBlocks;
  allBlocks = counters;
}

/// Lays a block out in zeroed memory.
Counters *layOut(void *memory) {
  const flux_ir_program_t &program = *runtime.program;
  auto *counters = static_cast<Counters *>(memory);
  counters->functions = reinterpret_cast<flux_ir_counters *>(counters + 1);
  counters->stretches = reinterpret_cast<uint64_t *>(counters->functions + program.num_functions);
  counters->locks = reinterpret_cast<LockCounters *>(counters->stretches + program.num_stretches);
  counters->sources = reinterpret_cast<SourceCounters *>(counters->locks + program.num_locks);
  return counters;
}

/// Adds `count` to each call of a stretch.
void addStretch(Counters &total, const int32_t *calls, uint64_t count) {
  for (; *calls >= 0; ++calls)
    total.functions[*calls].calls += count;
}

} // namespace

size_t countersSize() {
  const flux_ir_program_t &program = *runtime.program;
  // On lines of its own: two owners never write to one cache line.
  return roundUp(sizeof(Counters) + program.num_functions * sizeof(flux_ir_counters) +
                 program.num_stretches * sizeof(uint64_t) + program.num_locks * sizeof(LockCounters) +
                 program.num_sources * sizeof(SourceCounters));
}

Counters *placeCounters(void *memory) {
  Counters *counters = layOut(memory);
  MutexLock guard(mutex);
  addCounters(counters);
  return counters;
}

Counters *acquireCounters() {
  MutexLock guard(mutex);
  if (Counters *counters = freeBlocks) {
    freeBlocks = counters->nextFree;
    return counters;
  }
  // The system's own zeroes: of a histogram few pages are ever written to.
  void *memory = mmap(nullptr, countersSize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  Counters *counters = layOut(memory);
  addCounters(counters);
  return counters;
}

void releaseCounters(Counters *counters) {
  MutexLock guard(mutex);
  counters->nextFree = freeBlocks;
  freeBlocks = counters;
}

static void addUp(Counters &total, const Counters &block) {
  const flux_ir_program_t &program = *runtime.program;
  total.handled += peek(block.handled);
  total.unhandled += peek(block.unhandled);
  for (uint64_t i = 0; i < program.num_stretches; ++i)
    addStretch(total, program.calls + program.stretches[i], peek(block.stretches[i]));
  for (uint64_t i = 0; i < program.num_functions; ++i) {
    total.functions[i].calls += peek(block.functions[i].calls);
    total.functions[i].errors += peek(block.functions[i].errors);
  }
  for (uint64_t i = 0; i < program.num_locks; ++i) {
    total.locks[i].acquisitions += peek(block.locks[i].acquisitions);
    total.locks[i].contended += peek(block.locks[i].contended);
    total.locks[i].waitNs += peek(block.locks[i].waitNs);
  }
  for (uint64_t i = 0; i < program.num_sources && total.sources; ++i) {
    total.sources[i].lost += peek(block.sources[i].lost);
    total.sources[i].times.add(block.sources[i].times);
  }
}

static void addUp(SourceCounters &total, const SourceCounters &source) {
  total.polls += peek(source.polls);
  total.flows += peek(source.flows);
  total.failures += peek(source.failures);
  total.begun += peek(source.begun);
  total.ended += peek(source.ended);
}

void sumCounters(Counters &total) {
  MutexLock guard(mutex);
  for (const Counters *block = allBlocks; block; block = block->next)
    addUp(total, *block);
  for (const Counters *block = allBlocks; block; block = block->next)
    for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
      addUp(total.sources[i], block->sources[i]);
}

uint64_t countFlowsOf(uint64_t source) {
  MutexLock guard(mutex);
  uint64_t flows = 0;
  for (const Counters *block = allBlocks; block; block = block->next)
    flows += peek(block->sources[source].flows);
  return flows;
}

bool latestFailure(Failure &failure) {
  MutexLock guard(mutex);
  bool found = false;
  Failure noted;
  for (const Counters *block = allBlocks; block; block = block->next)
    if (block->lastError.get(noted) && (!found || noted.ns > failure.ns)) {
      failure = noted;
      found = true;
    }
  return found;
}

} // namespace flux
