/// amped_model.cpp - "asymmetric multi-process, event-driven", with threads for processes: one event loop as in SPED,
/// and helpers that wait for the disk in its place.
#include "fiber/stall_detector.h"
#include "flux/rt/program.h"
#include "io/helpers.h"
#include "io/poller.h"
#include "models/loop/loop_model.h"

namespace flux {

namespace {

int64_t maxHelpers = 32;
const Option options[] = {
    maxFlowsOption,
    stackSizeOption,
    lookupsOption,
    ioOption,
    stallOption,
    {"helpers", "N", "how many threads may work for the loop on files and in nodes declared blocking", &maxHelpers, 1,
     1000000, nullptr},
};

bool start() {
  fileHelpers.open(static_cast<uint64_t>(maxHelpers));
  return startLoop();
}

/// On a helper, with the flow as the one that runs there. What the node counts as its thread's - thread-local variables
/// - is the helper's.
int32_t offload(Context &context, flux_ir_call call, void *in, void *out) {
  return fileHelpers.make([&] {
    setCurrentContext(&context);
    const int32_t status = call(in, out);
    setCurrentContext(nullptr);
    return status;
  });
}

void snapshot(FILE *out) {
  snapshotLoop(out);
  fileHelpers.snapshot("helpers", out);
}

} // namespace

extern const Model ampedModel;
const Model ampedModel = {"amped",
                          FLUX_IR_MODEL_amped,
                          {options, sizeof options / sizeof *options},
                          &loopLocks,
                          start,
                          startLoopSources,
                          interruptLoopSources,
                          submitToLoop,
                          drainLoop,
                          stopLoop,
                          parkFiber,
                          unparkFiber,
                          snapshot,
                          offload};

} // namespace flux
