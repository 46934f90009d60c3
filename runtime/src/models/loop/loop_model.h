/// loop_model.h - what models with one event loop have in common: sped, and amped, which adds helpers.
#ifndef FLUX_MODELS_LOOP_LOOP_MODEL_H
#define FLUX_MODELS_LOOP_LOOP_MODEL_H

#include "core/model.h"

namespace flux {

extern int64_t loopMaxFlows, loopStackSize, loopMaxLookups;

/// The options that set them.
constexpr Option maxFlowsOption = {"max-flows", "N",    "how many flows may be under way at once", &loopMaxFlows, 1,
                                   1000000,     nullptr};
constexpr Option stackSizeOption = {
    "stack-size", "BYTES", "the stack of each flow that blocks", &loopStackSize, 16384, int64_t(1) << 40, nullptr};
constexpr Option lookupsOption = {
    "lookups", "N", "how many names may be looked up at once, on a thread each", &loopMaxLookups, 1, 1000000, nullptr};

/// The members of Model, for models whose flows run on the one loop.
bool startLoop();
bool startLoopSources();
void interruptLoopSources();
void submitToLoop(Flow *flow);
uint64_t drainLoop();
void stopLoop();
void parkFiber(Context &context);
void unparkFiber(Context &context);
void snapshotLoop(FILE *out);

} // namespace flux

#endif // FLUX_MODELS_LOOP_LOOP_MODEL_H
