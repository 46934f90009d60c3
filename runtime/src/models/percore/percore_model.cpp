/// percore_model.cpp - an event loop for each processor, with helpers as in AMPED.
///
/// Sources run on one loop each and hand their flows to all of them. Where the program allows it, each source runs on
/// all loops, and a flow stays where it was produced, or runs where its session's do: then no two processors write to
/// the same memory for it.
#include "models/percore/percore_model.h"

#include "core/os/os_thread.h"
#include "core/runtime.h"
#include "flux/rt/program.h"
#include "loop/loops.h"
#include "loop/stall_detector.h"
#include "models/percore/cores.h"
#include "models/percore/percore_locks.h"
#include "poll/poller_choice.h"

namespace flux {

namespace {

int64_t coresAsked = 0;
uint64_t cores = 0;

const Option options[] = {
    {"cores", "N", "how many event loops run; 0 takes as many as there are processors for the server", &coresAsked, 0,
     1024, nullptr},
    maxFlowsOption,
    stackSizeOption,
    lookupsOption,
    ioOption,
    stallOption,
    helpersOption,
};

/// Each loop has a processor of its own if there are exactly as many. Otherwise the system decides, since two servers
/// that each took the first few of many would be in each other's way.
bool start() {
  static CpuSet allowed;
  openHelpers();
  allowed = allowedCpus();
  if (allowed.cpus && countCpus(allowed) == cores)
    // What loops start, helpers above all, is not pinned with them.
    threadCpus = &allowed;
  return startLoops(cores, threadCpus);
}

/// Which loop of `cores` a session belongs to. The number of one is that one, so that a program can keep what it has
/// for each; for others the upper bits of a product (Fibonacci hashing), scaled.
uint64_t loopOf(int64_t session) {
  const auto number = static_cast<uint64_t>(session);
  if (number < cores)
    return number;
  const uint64_t hash = (number * 0x9e3779b97f4a7c15u) >> 32;
  return (hash * cores) >> 32;
}

void submit(Flow *flow) {
  static thread_local uint64_t next = 0; // of this loop's turns
  if (cores > 1 && flow->source->description->names_sessions)
    submitToLoopOf(flow, loopOf(flow->session));
  else if (cores <= 1 || flow->source->isReplicated)
    LoopThread::submitHere(flow);
  else
    submitToLoopOf(flow, next++ % cores);
}

void offer(Figures &figures) {
  offerLoops(figures);
  offerHelpers(figures);
}

} // namespace

uint64_t numCores() {
  if (cores == 0)
    cores = coresAsked > 0 ? static_cast<uint64_t>(coresAsked) : availableCores();
  return cores;
}

extern const Model percoreModel;
const Model percoreModel = {
    .name = "percore",
    .bit = FLUX_IR_MODEL_percore,
    .options = {options, sizeof options / sizeof *options},
    .locks = &percoreLocks,
    .tails = loopTails,
    .life = {.start = start, .stop = stopLoops},
    .sources = {.start = startLoopSources, .interrupt = interruptLoopSources, .copies = numCores},
    .flows = {.submit = submit,
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
