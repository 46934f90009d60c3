#include "core/server/snapshot.h"

#include "core/functions.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/runtime.h"
#include "core/server/json_figures.h"
#include "core/server/options.h"
#include "core/server/rates.h"
#include "core/server/signals.h"
#include "core/server/under_way.h"
#include "core/unhandled.h"
#include "flux/flux.h"

#include <stdlib.h>

namespace flux {

namespace {

/// Raised whenever a key goes or means something else; others may come.
constexpr uint64_t kSchema = 1;

/// Held while a snapshot is made, and while what it looks at begins and ends. No flow is waited for under it, and no
/// memory is asked for: the program may have an allocator of its own.
Mutex mutex;
std::atomic<bool> isOpen{false};

/// What a snapshot shows of the core.
class Sight {
public:
  Sight() = default;
  ~Sight();
  Sight(const Sight &) = delete;
  Sight &operator=(const Sight &) = delete;

  /// Makes room. False when memory is short.
  bool open();

  /// Looks at everything once.
  void look();

  void offer(Figures &figures) const;

private:
  uint64_t started() const;
  uint64_t done() const;
  uint64_t lost() const;
  void offerServer(Figures &figures) const;
  void offerFlows(Figures &figures) const;
  void offerErrors(Figures &figures) const;
  void offerSource(uint64_t i, Figures &figures) const;
  void offerFunction(uint64_t i, Figures &figures) const;
  void offerLock(uint64_t i, Figures &figures) const;

  Counters total = {};
  UnderWay underWay;
  Failure failure;
  bool hasFailed = false;
  uint64_t now = 0;
  uint64_t notedNs = 0; // when the counts were what `noted` says
  uint64_t *noted = nullptr;
};

Sight::~Sight() {
  free(total.functions);
  free(total.locks);
  free(total.sources);
  free(noted);
}

bool Sight::open() {
  const flux_ir_program_t &program = *runtime.program;
  total.functions = static_cast<flux_ir_counters *>(calloc(program.num_functions + 1, sizeof(flux_ir_counters)));
  total.locks = static_cast<LockCounters *>(calloc(program.num_locks + 1, sizeof(LockCounters)));
  total.sources = static_cast<SourceCounters *>(calloc(program.num_sources + 1, sizeof(SourceCounters)));
  noted = static_cast<uint64_t *>(calloc(program.num_sources + 1, sizeof(uint64_t)));
  return underWay.open() && total.functions && total.locks && total.sources && noted;
}

void Sight::look() {
  sumCounters(total);
  underWay.look();
  hasFailed = latestFailure(failure);
  now = nowNs();
  if (!runtime.rates.before(now, notedNs, noted))
    notedNs = now;
}

/// Adds up what `count` says of each source.
template <typename F> uint64_t overSources(const Counters &total, F count) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    sum += count(total.sources[i]);
  return sum;
}

/// How many flows sources have produced.
uint64_t Sight::started() const {
  return overSources(total, [](const SourceCounters &source) { return source.flows; });
}

/// How many of them have ended.
uint64_t Sight::done() const {
  return overSources(total, [](const SourceCounters &source) { return source.times.count(); });
}

uint64_t Sight::lost() const {
  return overSources(total, [](const SourceCounters &source) { return source.lost; });
}

/// The difference between what was counted at different moments.
uint64_t less(uint64_t of, uint64_t by) { return of > by ? of - by : 0; }

/// A time on the monotonic clock as people write it.
void offerTime(const char *name, uint64_t ns, uint64_t now, Figures &figures) {
  const auto seconds = static_cast<time_t>((nowNs(CLOCK_REALTIME) - less(now, ns)) / kNsPerSecond);
  struct tm parts;
  char text[32] = "";
  if (gmtime_r(&seconds, &parts))
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  figures.text(name, text);
}

void Sight::offerServer(Figures &figures) const {
  figures.gauge("schema", kSchema);
  figures.text("version", FLUX_VERSION);
  figures.text("program", runtime.program->name);
  figures.text("model", runtime.model->name);
  figures.id("pid", runtime.pid);
  offerTime("time", now, now, figures);
  figures.gauge("uptime_ms", (now - runtime.startNs) / kNsPerMs);
  figures.flag("stopping", isStopping());
  figures.beginGroup("options");
  offerOptions(runtime.model->options, figures);
  figures.end();
}

void Sight::offerFlows(Figures &figures) const {
  const uint64_t inFlight = less(started(), done() + lost());
  figures.beginGroup("flows");
  figures.count("started", started());
  figures.count("done", done());
  figures.gauge("in_flight", inFlight);
  figures.gauge("queued", less(inFlight, underWay.flows()));
  figures.end();
  underWay.oldest().offer("oldest", figures, now);
}

void Sight::offerErrors(Figures &figures) const {
  figures.beginGroup("errors");
  figures.count("handled", total.handled);
  figures.count("unhandled", total.unhandled);
  if (hasFailed) {
    char text[kFailureText];
    describeFailure(failure, text, sizeof text);
    figures.text("last", text);
    offerTime("last_time", failure.ns, now, figures);
    figures.gauge("last_age_ms", less(now, failure.ns) / kNsPerMs);
  }
  figures.end();
}

void Sight::offerSource(uint64_t i, Figures &figures) const {
  const flux_ir_source &source = runtime.program->sources[i];
  const SourceCounters &counters = total.sources[i];
  figures.text("name", source.name);
  figures.text("target", source.target);
  figures.count("polls", counters.polls);
  figures.count("flows", counters.flows);
  figures.count("failures", counters.failures);
  figures.flag("ended", counters.begun > 0 && counters.ended == counters.begun);
  figures.gauge("in_flight", less(counters.flows, counters.times.count() + counters.lost));
  figures.rate("per_second", now > notedNs
                                 ? double(less(counters.flows, noted[i])) * double(kNsPerSecond) / double(now - notedNs)
                                 : 0);
  figures.gauge("per_second_ms", (now - notedNs) / kNsPerMs);
  figures.histogram("times_ns", counters.times);
}

void Sight::offerFunction(uint64_t i, Figures &figures) const {
  const flux_ir_function &function = runtime.program->functions[i];
  figures.text("name", function.name);
  figures.text("kind", kindName(function));
  if (function.kind == FLUX_IR_NODE || function.kind == FLUX_IR_FLOW) {
    figures.count("calls", total.functions[i].calls);
    figures.count("errors", total.functions[i].errors);
  }
  if (function.kind != FLUX_IR_FLOW)
    figures.gauge("in_flight", underWay.flowsIn(i));
  if (function.flags & FLUX_IR_NONBLOCKING)
    figures.count("broken_promises", peek(runtime.unexpectedWaits[i]));
  if (function.flags & FLUX_IR_GUARDED)
    figures.count("unexpected_waits", peek(runtime.unexpectedWaits[i]));
}

void Sight::offerLock(uint64_t i, Figures &figures) const {
  const flux_ir_lock &lock = runtime.program->locks[i];
  const LockCounters &counters = total.locks[i];
  const UnderWay::OfLock &now = underWay.ofLock(i);
  figures.text("name", lock.name);
  figures.flag("session", lock.session != 0);
  figures.count("acquisitions", counters.acquisitions);
  figures.count("contended", counters.contended);
  figures.count("wait_ns", counters.waitNs);
  figures.gauge("holding", now.holding);
  figures.gauge("waiting", now.waiting);
  now.holders.offer("holders", figures, this->now);
  now.waiters.offer("waiters", figures, this->now);
}

void Sight::offer(Figures &figures) const {
  const auto offerList = [&](const char *name, uint64_t count, void (Sight::*offerItem)(uint64_t, Figures &) const) {
    figures.beginList(name);
    for (uint64_t i = 0; i < count; ++i) {
      figures.beginItem();
      (this->*offerItem)(i, figures);
      figures.end();
    }
    figures.end();
  };
  const flux_ir_program_t &program = *runtime.program;
  offerServer(figures);
  offerFlows(figures);
  offerErrors(figures);
  figures.gauge("sessions_live", runtime.model->locks->liveSessions());
  if (runtime.model->offer)
    runtime.model->offer(figures);
  offerList("sources", program.num_sources, &Sight::offerSource);
  offerList("functions", program.num_functions, &Sight::offerFunction);
  offerList("locks", program.num_locks, &Sight::offerLock);
}

} // namespace

int formatSnapshot(char *buffer, size_t size) {
  // Acquire: the program is there. Looked at again below, since it may just end.
  if (!isOpen.load(std::memory_order_acquire))
    return FLUX_E_INVALID;
  Sight sight;
  if (!sight.open())
    return FLUX_E_NOMEM;
  MutexLock guard(mutex);
  if (!isOpen.load(std::memory_order_relaxed))
    return FLUX_E_INVALID;
  sight.look();
  Text text(buffer, size);
  JsonFigures json(text);
  sight.offer(json);
  json.finish();
  return static_cast<int>(text.length());
}

void beginSnapshots() {
  MutexLock guard(mutex);
  isOpen.store(true, std::memory_order_release);
}

void endSnapshots() {
  MutexLock guard(mutex);
  isOpen.store(false, std::memory_order_relaxed);
}

NoSnapshot::NoSnapshot() { mutex.lock(); }
NoSnapshot::~NoSnapshot() { mutex.unlock(); }

void noteRates() {
  const uint64_t now = nowNs();
  if (runtime.rates.isDue(now))
    runtime.rates.note(now, countFlowsOf);
}

} // namespace flux

int flux_snapshot(char *buffer, size_t size) { return flux::formatSnapshot(buffer, size); }
