/// amped_model.cpp - "asymmetric multi-process, event-driven", with threads for processes: one event loop as in SPED,
/// and helpers that wait for the disk in its place.
#include "flux/rt/program.h"
#include "loop/loops.h"
#include "loop/stall_detector.h"
#include "poll/poller_choice.h"

namespace flux {

namespace {

const Option options[] = {maxFlowsOption, stackSizeOption, lookupsOption, ioOption, stallOption, helpersOption};

bool start() {
  openHelpers();
  return startLoop();
}

void offer(Figures &figures) {
  offerLoop(figures);
  offerHelpers(figures);
}

} // namespace

extern const Model ampedModel;
const Model ampedModel = {
    .name = "amped",
    .bit = FLUX_IR_MODEL_amped,
    .options = {options, sizeof options / sizeof *options},
    .locks = &loopLocks,
    .tails = loopTails,
    .life = {.start = start, .stop = stopLoops},
    .sources = {.start = startLoopSources, .interrupt = interruptLoopSources},
    .flows = {.submit = LoopThread::submitHere,
              .drain = drainLoops,
              .park = parkFiber,
              .unpark = unparkFiber,
              .pause = pauseFiber,
              .stackOf = stackOfFiber,
              .run = runByHelper},
    .offer = offer,
    .offerLimits = offerLoopLimits,
};

} // namespace flux
