/// sped_model.cpp - "single process, event-driven": every flow and every source runs on one event loop. A disk that
/// keeps a node waiting keeps everybody waiting, which is what tells this model from AMPED.
#include "loop/loops.h"

#include "flux/rt/program.h"
#include "loop/stall_detector.h"
#include "poll/poller_choice.h"

namespace flux {

static const Option options[] = {maxFlowsOption, stackSizeOption, lookupsOption, ioOption, stallOption};

extern const Model spedModel;
const Model spedModel = {"sped",
                         FLUX_IR_MODEL_sped,
                         {options, sizeof options / sizeof *options},
                         &loopLocks,
                         startLoop,
                         startLoopSources,
                         interruptLoopSources,
                         submitToLoop,
                         drainLoops,
                         stopLoops,
                         parkFiber,
                         unparkFiber,
                         snapshotLoop};

} // namespace flux
