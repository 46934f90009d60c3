/// sped_model.cpp - "single process, event-driven": every flow and every source runs on one event loop. A disk that
/// keeps a node waiting keeps everybody waiting, which is what tells this model from AMPED.
#include "loop/loops.h"

#include "flux/rt/program.h"
#include "loop/stall_detector.h"
#include "poll/poller_choice.h"

namespace flux {

static const Option options[] = {maxFlowsOption, stackSizeOption, lookupsOption, ioOption, stallOption};

extern const Model spedModel;
const Model spedModel = {
    .name = "sped",
    .bit = FLUX_IR_MODEL_sped,
    .options = {options, sizeof options / sizeof *options},
    .locks = &loopLocks,
    .tails = loopTails,
    .life = {.start = startLoop, .stop = stopLoops},
    .sources = {.start = startLoopSources, .interrupt = interruptLoopSources},
    .flows = {.submit = LoopThread::submitHere,
              .drain = drainLoops,
              .park = parkFiber,
              .unpark = unparkFiber,
              .pause = pauseFiber,
              .stackOf = stackOfFiber},
    .offer = offerLoop,
    .offerLimits = offerLoopLimits,
};

} // namespace flux
