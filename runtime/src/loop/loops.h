/// loops.h - what models with event loops have in common: one loop or several, with
/// helpers or without.
#ifndef FLUX_LOOP_LOOPS_H
#define FLUX_LOOP_LOOPS_H

#include "core/model.h"
#include "core/os/cpus.h"
#include "loop/loop_thread.h"

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

/// For ModelLife. startLoop() makes one loop, startLoops() makes `count`, each on one processor of `cpus`, which has as
/// many; null: wherever the system likes.
bool startLoop();
bool startLoops(uint64_t count, const CpuSet *cpus);
void stopLoops();

/// For ModelSources.
bool startLoopSources();
void interruptLoopSources();

/// For ModelFlows, as LoopThread::submitHere(); submitToLoopOf() runs a flow on the loop `place`.
void submitToLoopOf(Flow *flow, uint64_t place);
uint64_t drainLoops();
void offerLoopLimits(Limits &limits);
void parkFiber(Context &context);
void unparkFiber(Context &context);
void pauseFiber(Context &context, uint64_t ns);
OwnStack stackOfFiber(const Context &context);

/// The tails of sources and contexts on loops.
constexpr Tails loopTails = {.context = sizeof(LoopContext), .source = sizeof(LoopSource)};

/// For Model::offer: the figures of the one loop, or of each of several, and of the lookups.
void offerLoop(Figures &figures);
void offerLoops(Figures &figures);

/// For models with helpers: threads that make calls for files, and run nodes declared `blocking` as a whole, with the
/// flow as the one that runs there. What such a node counts as its thread's - thread-local variables - is the helper's.
/// Other nodes that come to runByHelper() have nothing to gain there and run where the flow is.
void openHelpers();
int32_t runByHelper(Context &context, int32_t node, flux_ir_call call, void *in, void *out);
void offerHelpers(Figures &figures);

/// Which loop runs on the calling thread, which is one's.
uint64_t currentLoop();

} // namespace flux

#endif // FLUX_LOOP_LOOPS_H
