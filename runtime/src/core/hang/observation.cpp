#include "core/hang/observation.h"

#include "core/os/clock.h"
#include "core/os/os_thread.h"
#include "core/os/pipe_ends.h"
#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "core/os/thread_call.h"
#include "core/runtime.h"

#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flux {

namespace {

/// A number that is another one after whatever the flow does, as far as that shows without asking the kernel: of which
/// flow it is, how often that has waited, and where it is.
uint64_t stateOf(const Context &context) {
  const uint64_t node = static_cast<uint32_t>(__atomic_load_n(&context.head.node, __ATOMIC_RELAXED));
  return (context.startNs.load(std::memory_order_relaxed) << 40) + (context.blocked.changes() << 20) + node;
}

/// Whether the kernel's own word is that the wait has no end by time: FUTEX_WAIT and its like, without a timeout.
bool isEndlessFutex(const ThreadCall &call) {
  const auto operation = static_cast<int>(call.argument[1]) & FUTEX_CMD_MASK;
  const bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_LOCK_PI;
  return call.number == SYS_futex && waits && call.argument[3] == 0;
}

/// Whether a call is what libc waits with for a normal mutex: for a word that says that somebody waits.
bool mayBeMutex(const ThreadCall &call) {
  constexpr uint64_t kContended = 2;
  return call.argument[2] == kContended;
}

#ifdef FLUX_TSAN
constexpr uint64_t kOfSanitizer = 1;
#else
constexpr uint64_t kOfSanitizer = 0;
#endif

/// Whether what a flow of a loop waits for is there already, and the loop has not come to it yet.
bool isReady(int fd, short events) {
  pollfd asked = {fd, events, 0};
  return real::poll(&asked, 1, 0) != 0;
}

/// How many threads this process has that are the runtime's.
uint64_t knownThreads() { return 1 + kOfSanitizer + numRuntimeThreads(); }

} // namespace

Observation::~Observation() {
  for (size_t i = 0; i < number; ++i)
    free(seen[i].locks);
  free(all);
  free(seen);
}

bool Observation::take(uint64_t ns) {
  now = nowNs();
  patienceNs = ns;
  const auto forEach = runtime.model->life.forEachContext;
  (forEach ? forEach : forEachContext)(see, this);
  strangers = countThreads() > knownThreads();
  if (!failed)
    findOwners();
  return !failed;
}

void Observation::see(void *self, Context &context) {
  auto &observation = *static_cast<Observation *>(self);
  if (!observation.failed && context.source.load(std::memory_order_relaxed))
    observation.add(context);
}

bool Observation::grow() {
  if (number < room)
    return true;
  room = room ? 2 * room : 64;
  void *actors = realloc(all, room * sizeof(Actor));
  if (actors)
    all = static_cast<Actor *>(actors);
  void *observed = realloc(seen, room * sizeof(Observed));
  if (observed)
    seen = static_cast<Observed *>(observed);
  failed = !actors || !observed;
  return !failed;
}

void Observation::add(Context &context) {
  if (!grow())
    return;
  Actor actor;
  Observed observed = {};
  observed.source = context.source.load(std::memory_order_relaxed);
  observed.node = __atomic_load_n(&context.head.node, __ATOMIC_RELAXED);
  observed.thread = context.thread.load(std::memory_order_relaxed);
  observed.fiber = context.fiber.load(std::memory_order_relaxed);
  if (!observed.source)
    return;
  actor.session = __atomic_load_n(&context.head.session, __ATOMIC_RELAXED);
  actor.isSource = context.isSources;
  const uint64_t state = stateOf(context);
  Sighting &sighting = context.sighting;
  if (sighting.state != state) {
    sighting = {state, now, 0};
  } else if (now - sighting.sinceNs >= patienceNs / 2) {
    // For half of the time at least. The other half begins when the kernel has been asked.
    copyLocks(context, actor, observed);
    if (context.blocked.changes() % 2 == 1)
      note(context, actor, observed);
    else if (observed.thread != 0)
      ask(context, actor, observed);
    if (stateOf(context) != state || now - sighting.sinceNs < patienceNs)
      actor.until = Until::Now;
  }
  all[number] = actor;
  seen[number++] = observed;
}

/// What the flow itself has noted.
void Observation::note(Context &context, Actor &actor, Observed &observed) {
  const int64_t which = context.blocked.which();
  switch (context.blocked.what()) {
  case WaitsFor::Constraint:
    actor.until = Until::LockIsFree;
    actor.lock = static_cast<int32_t>(which);
    break;
  case WaitsFor::Room:
    actor.until = Until::FlowEnds;
    break;
  case WaitsFor::Mutex:
    awaitMutex(actor, observed, static_cast<uint64_t>(which));
    break;
  case WaitsFor::Flow:
    awaitAnybody(actor, observed);
    break;
  case WaitsFor::Descriptor:
    awaitDescriptor(actor, observed, getpid(), "descriptor", static_cast<int>(which));
    if (isReady(static_cast<int>(which), static_cast<short>(which >> 32)))
      actor.until = Until::Now;
    break;
  default:
    snprintf(observed.call, sizeof observed.call, "%s", "time or several descriptors");
    break;
  }
}

/// A wait for one descriptor, which is one for others if it is a pipe to them.
void Observation::awaitDescriptor(Actor &actor, Observed &observed, pid_t process, const char *call, int fd) {
  const bool isOwn = isPipeToItself(process, fd);
  actor.until = isOwn ? Until::AnybodyActs : Until::Now;
  actor.awaitsOutside = !isOwn;
  snprintf(observed.call, sizeof observed.call, "%s(%d)%s", call, fd, isOwn ? ", a pipe of the server to itself" : "");
}

void Observation::awaitAnybody(Actor &actor, Observed &observed) {
  actor.until = Until::AnybodyActs;
  snprintf(observed.call, sizeof observed.call, "another flow or thread");
}

/// A wait for a mutex; whom it belongs to is found when all have been seen.
void Observation::awaitMutex(Actor &actor, Observed &observed, uint64_t address) {
  observed.owner = findMutexOwner(address);
  actor.until = Until::Now;
  snprintf(observed.call, sizeof observed.call, "a mutex of the program");
}

/// What the kernel says of the thread that the flow blocks.
void Observation::ask(Context &context, Actor &actor, Observed &observed) {
  const ThreadCall call = readThreadCall(observed.thread);
  Sighting &sighting = context.sighting;
  if (sighting.switches != call.switches) {
    sighting.switches = call.switches;
    sighting.sinceNs = now;
    return;
  }
  // A worker has a thread for each source, beside its own.
  strangers |= runtime.model->life.supervise && call.threads > 1 + kOfSanitizer + runtime.program->num_sources;
  if (!call.sleeps)
    return;
  const char *name = callName(call.number);
  if (isEndlessFutex(call)) {
    awaitAnybody(actor, observed);
    if (mayBeMutex(call) && findMutexOwner(call.argument[0]).thread != 0)
      awaitMutex(actor, observed, call.argument[0]);
  } else if (waitsForDescriptor(call.number)) {
    awaitDescriptor(actor, observed, observed.thread, name, static_cast<int>(call.argument[0]));
  } else {
    actor.awaitsOutside = true;
    snprintf(observed.call, sizeof observed.call, "%s", name ? name : "a system call");
  }
}

void Observation::copyLocks(const Context &context, Actor &actor, Observed &observed) {
  const uint32_t held = __atomic_load_n(&context.numHeld, __ATOMIC_ACQUIRE);
  if (held == 0)
    return;
  observed.locks = static_cast<int32_t *>(malloc(held * sizeof(int32_t)));
  failed |= !observed.locks;
  if (failed)
    return;
  for (uint32_t i = 0; i < held; ++i)
    observed.locks[i] = __atomic_load_n(&context.held[i].index, __ATOMIC_RELAXED);
  actor.locks = observed.locks;
  actor.numLocks = held;
}

/// Finds the flows that have mutexes. One that no flow has may be given back at any time.
void Observation::findOwners() {
  for (size_t i = 0; i < number; ++i) {
    const MutexOwner &owner = seen[i].owner;
    for (size_t j = 0; j < number && owner.thread != 0; ++j)
      if (seen[j].thread != 0 ? seen[j].thread == owner.thread : owner.fiber != 0 && seen[j].fiber == owner.fiber) {
        all[i].until = Until::ActorActs;
        all[i].other = j;
      }
  }
}

} // namespace flux
