/// null_model.cpp - every flow runs at once, on its source's thread.
///
/// The least that a model can be, which no server is built for: it shows what a model has to bring, and that the tests
/// need to know no more of it than its line in models.def.
#include "core/log.h"
#include "core/runtime.h"
#include "core/threads/source_threads.h"
#include "flux/rt/program.h"

namespace flux {

namespace {

const Option options[] = {threadStackSizeOption};

/// The tail of a source.
struct NullSource {
  SourceThread thread;
  Context *flowContext; // of its flows
};

Context *&flowContextOf(Source &source) { return source.tail<NullSource>().flowContext; }

bool start() {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    if (!(flowContextOf(runtime.source(i)) = createContext())) {
      logMessage("out of memory at the start");
      return false;
    }
  return true;
}

void stop() {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    destroyContext(flowContextOf(runtime.source(i)));
}

void submit(Flow *flow) { runInSourceThread(flow, *flowContextOf(*flow->source)); }

} // namespace

extern const Model nullModel;
const Model nullModel = {
    .name = "null",
    .bit = FLUX_IR_MODEL_null,
    .options = {options, sizeof options / sizeof *options},
    .locks = &threadLocks,
    .tails = {.context = sizeof(Parker), .source = sizeof(NullSource)},
    .life = {.start = start, .stop = stop},
    .sources = {.start = startSourceThreads, .interrupt = interruptSourceThreads, .isInFlow = isInFlow},
    .flows = {.submit = submit, .drain = drainSourceThreads, .park = parkThread, .unpark = unparkThread},
};

} // namespace flux
