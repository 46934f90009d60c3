/// loops.h - what models with event loops have in common: sped; amped, which adds helpers; percore, with a loop
/// for each core.
#ifndef FLUX_LOOP_LOOPS_H
#define FLUX_LOOP_LOOPS_H

#include "core/model.h"
#include "core/os/cpus.h"

namespace flux {

extern int64_t loopMaxFlows, loopStackSize, loopMaxLookups, loopMaxHelpers;

/// The options that set them.
constexpr Option maxFlowsOption = {"max-flows", "N",    "how many flows may be under way at once", &loopMaxFlows, 1,
                                   1000000,     nullptr};
constexpr Option stackSizeOption = {
    "stack-size", "BYTES", "the stack of each flow that blocks", &loopStackSize, 16384, int64_t(1) << 40, nullptr};
constexpr Option lookupsOption = {
    "lookups", "N", "how many names may be looked up at once, on a thread each", &loopMaxLookups, 1, 1000000, nullptr};
constexpr Option helpersOption = {
    "helpers", "N",    "how many threads may work on files and in nodes declared blocking", &loopMaxHelpers, 1,
    1000000,   nullptr};

/// The members of Model, for models whose flows run on loops. startLoop() makes one loop, startLoops() makes `count`,
/// each on one processor of `cpus`, which has as many; null: wherever the system likes. Where it is not the model's
/// own, submitToLoop() runs a flow on the loop that has produced it.
bool startLoop();
bool startLoops(uint64_t count, const CpuSet *cpus);
bool startLoopSources();
void interruptLoopSources();
void submitToLoop(Flow *flow);
uint64_t drainLoops();
void stopLoops();
void parkFiber(Context &context);
void unparkFiber(Context &context);

/// The figures of the one loop, or of each of several, and of the lookups.
void snapshotLoop(FILE *out);
void snapshotLoops(FILE *out);

/// For models with helpers: threads that make calls for files, and run nodes declared `blocking` as a whole, with the
/// flow as the one that runs there. What such a node counts as its thread's - thread-local variables - is the helper's.
void openHelpers();
int32_t offloadToHelper(Context &context, flux_ir_call call, void *in, void *out);
void snapshotHelpers(FILE *out);

/// Runs a flow on the loop `place`. Otherwise as Model::submit.
void submitToLoopOf(Flow *flow, uint64_t place);

/// Which loop runs on the calling thread, which is one's.
uint64_t currentLoop();

} // namespace flux

#endif // FLUX_LOOP_LOOPS_H
