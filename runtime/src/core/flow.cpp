#include "core/flow.h"

#include "core/exceptions.h"
#include "core/log.h"
#include "core/os/cache_line.h"
#include "core/os/clock.h"
#include "core/os/floating_point.h"
#include "core/runtime.h"
#include "core/server/signals.h"
#include "flux/flux.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

/// Returns a record to fill, or null when memory is short. Steady state allocates nothing: records travel in a circle.
Flow *takeRecord(Source &source) {
  if (!source.ready)
    // Acquire: sees what the flows that gave the records back did with them. Taking the whole list at once rules out
    // the ABA problem.
    source.ready = source.returned.exchange(nullptr, std::memory_order_acquire);
  if (Flow *flow = source.ready) {
    source.ready = flow->next;
    return flow;
  }
  void *memory = aligned_alloc(source.recordAlign, source.recordSize);
  if (!memory)
    return nullptr;
  auto *flow = new (memory) Flow();
  flow->source = &source;
  return flow;
}

void giveBack(Flow *flow) {
  std::atomic<Flow *> &returned = flow->source->returned;
  // Relaxed: the exchange checks it again. Release: the record's use happens before its reuse.
  flow->next = returned.load(std::memory_order_relaxed);
  while (!returned.compare_exchange_weak(flow->next, flow, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

/// How long a failing source rests; see runSource.
class Backoff {
public:
  /// Called before a poll.
  void begin() { start = failures > 0 ? nowNs() : 0; }

  void succeeded() { failures = 0; }

  /// Called after a failed poll; sleeps if it has come to that. A stop of the server ends the sleep.
  void failed() {
    // The first failure of a row was not timed, and counts as quick.
    if (start != 0 && nowNs() - start >= kNsPerMs)
      failures = 0;
    if (++failures <= kTolerated)
      return;
    const uint64_t doublings = failures - kTolerated - 1;
    const uint64_t ms = doublings < 7 ? uint64_t(1) << doublings : kLongestMs;
    pauseFlow((ms < kLongestMs ? ms : kLongestMs) * kNsPerMs);
  }

private:
  static constexpr uint64_t kTolerated = 64, kLongestMs = 100;
  uint64_t failures = 0;
  uint64_t start = 0;
};

/// Waits for memory to come back; the server goes on with the flows it has.
void restWithoutMemory() {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("out of memory for another flow, trying again");
  pauseFlow(10 * kNsPerMs);
}

/// Ends what the source, or a flow of it, owns.
void endOwned(Context &context, const Source &source, int32_t error) {
  struct End {
    flux_owned *owned;
    int32_t error;
  };
  const auto call = [](void *argument) {
    auto &[owned, error] = *static_cast<End *>(argument);
    owned->end(owned, error);
  };
  while (flux_owned *owned = context.owned) {
    context.owned = owned->next;
    End end = {owned, error};
    callProgram(call, &end, "an end of what is owned by a flow of source", source.description->name);
  }
}

/// Passes on to the flow what its source has given it.
void passOn(Context &source, Flow &flow) {
  flow.owned = source.owned;
  source.owned = nullptr;
}

inline void run(Context &context, Flow &flow) {
  const FloatingPointScope threads; // not the next flow's
  // Relaxed: the hang watch reads them.
  __atomic_store_n(&context.head.session, flow.session, __ATOMIC_RELAXED);
  context.startNs.store(flow.startNs, std::memory_order_relaxed);
  // Release: who sees that it runs sees since when.
  context.source.store(flow.source, std::memory_order_release);
  setCurrentContext(&context);
  context.owned = flow.owned;
  context.failure = 0;
  flow.source->description->run(&context.head, flow.input());
  if (context.owned)
    endOwned(context, *flow.source, context.failure);
  setCurrentContext(nullptr);
  context.source.store(nullptr, std::memory_order_relaxed);
  context.counters->sources[flow.source->number].times.record(nowNs() - flow.startNs);
}

} // namespace

bool initSource(Source &source, const flux_ir_source &description) {
  source.description = &description;
  source.number = static_cast<uint64_t>(&description - runtime.program->sources);
  // On lines of their own: records of one source are used by different threads.
  const size_t inputAlign = description.input_align > alignof(Flow) ? description.input_align : alignof(Flow);
  source.recordAlign = inputAlign > kCacheLine ? inputAlign : kCacheLine;
  source.inputOffset = roundUp(sizeof(Flow), inputAlign);
  source.recordSize = roundUp(source.inputOffset + description.input_size, source.recordAlign);
  source.context = createContext();
  if (source.context)
    source.context->isSources = true;
  return source.context != nullptr;
}

SourceCounters &countersOf(Source &source) { return source.context->counters->sources[source.number]; }

void runSource(Source &source) {
  SourceCounters &counters = countersOf(source);
  Backoff backoff;
  Flow *flow = nullptr;
  bump(counters.begun);
  source.context->source.store(&source, std::memory_order_relaxed);
  setCurrentContext(source.context);
  while (!isStopping() || source.context->asksForStop) {
    if (!flow)
      flow = takeRecord(source);
    if (!flow) {
      restWithoutMemory();
      continue;
    }
    backoff.begin();
    flow->session = 0;
    const int32_t status = source.description->poll(&source.context->head, flow->input(), &flow->session);
    bump(counters.polls);
    if (status != 0)
      endOwned(*source.context, source, status == FLUX_AGAIN || status == FLUX_STOP ? 0 : status);
    if (status == 0) {
      bump(counters.flows);
      backoff.succeeded();
      passOn(*source.context, *flow);
      flow->startNs = nowNs();
      runtime.model->flows.submit(flow);
      flow = nullptr;
    } else if (status == FLUX_STOP || isStopping()) {
      break;
    } else if (status == FLUX_AGAIN) {
      backoff.succeeded();
    } else {
      bump(counters.failures);
      backoff.failed();
    }
  }
  if (flow)
    giveBack(flow);
  setCurrentContext(nullptr);
  source.context->source.store(nullptr, std::memory_order_relaxed);
}

void runFlow(Context &context, Flow *flow) {
  run(context, *flow);
  giveBack(flow);
}

void runFlowAtHome(Context &context, Flow *flow) {
  run(context, *flow);
  Source &source = *flow->source;
  flow->next = source.ready;
  source.ready = flow;
}

} // namespace flux

int flux_own(flux_owned *owned) {
  flux::Context *context = flux::currentContext();
  if (!context || !owned || !owned->end)
    return FLUX_E_INVALID;
  owned->next = context->owned;
  context->owned = owned;
  return 0;
}
