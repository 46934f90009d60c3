#include "posix/parking.h"

#include "core/context.h"
#include "core/functions.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/os/real.h"
#include "core/runtime.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

namespace flux {

namespace {

/// Reporting writes to the log, which may have to wait.
thread_local bool reporting = false;

/// What an interposed call does to a promise; see interposed.def.
enum class Effect { Waits, Disk, None };

/// Which call the function `name` is to a node that has promised something; null if it is none that can break it.
const char *callOf(const char *name) {
  static constexpr struct {
    const char *name;
    Effect effect;
  } calls[] = {
#define FLUX_INTERPOSED(NAME, EFFECT) {#NAME, Effect::EFFECT},
#define FLUX_COMPOSED(NAME, EFFECT) {#NAME, Effect::EFFECT},
#include "core/os/interposed.def"
  };
#define FLUX_ALIAS(NAME, OF)                                                                                           \
  if (strcmp(name, #NAME) == 0)                                                                                        \
    name = #OF;
#include "core/os/interposed.def"
  for (const auto &call : calls)
    if (call.effect != Effect::None && strcmp(name, call.name) == 0)
      return call.name;
  return nullptr;
}

/// The interposed call that the job is in, as its node made it: they are exported, so that the stack tells. Slow.
const char *nameOfCall() {
  constexpr int kFrames = 48;
  void *frames[kFrames];
  const int count = backtrace(frames, kFrames);
  for (int i = count; i-- > 0;) {
    Dl_info place;
    if (!dladdr(frames[i], &place) || !place.dli_sname)
      continue;
    if (const char *call = callOf(place.dli_sname))
      return call;
  }
  return "a call that blocks";
}

enum Trait : unsigned {
#define FLUX_MODEL_TRAIT(TRAIT, BIT, SUMMARY) TRAIT = 1U << (BIT),
#include "flux/rt/models.def"
};

/// The models whose flows run on threads.
constexpr uint64_t kWithoutLoops = 0
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) | uint64_t(((TRAITS) & Loops) == 0) << (BIT)
#include "flux/rt/models.def"
    ;

/// Says that the function, which is taken not to wait, is about to do so in `call`.
void report(const flux_ir_function &function, const char *call) {
  const bool isPromise = (function.flags & FLUX_IR_NONBLOCKING) != 0;
  const bool ends = isPromise && (runtime.program->flags & FLUX_IR_DEBUG) != 0;
  uint64_t &count = runtime.unexpectedWaits[&function - runtime.program->functions];
  // Relaxed: a figure. There may be several loops.
  const bool known = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED) > 0;
  if (known && !ends)
    return;
  if (isPromise)
    logMessage("node '%s' (%s:%u) is declared nonblocking, but waits in '%s'", function.name, function.file,
               function.line, call);
  else
    logMessage("%s '%s' (%s:%u) was taken not to block, but waits in '%s', and the event loop with it: please report "
               "this fault of fluxc",
               kindName(function), function.name, function.file, function.line, call);
  if (ends)
    abort();
}

/// Whether constraints may be missing that the program would need if that function let other flows run.
bool isReliedOn(const flux_ir_function &function) {
  if (function.flags & FLUX_IR_GUARDED)
    return true;
  // Constraints that are complete where flows run on threads are so whoever waits.
  return (runtime.program->models & kWithoutLoops) == 0;
}

} // namespace

bool mayPark() {
  if (!isTakenNotToWait())
    return true;
  if (reporting)
    return false; // Else other jobs would find it so.
  const flux_ir_function &function = runtime.program->functions[currentContext()->head.node];
  const int saved = errno;
  reporting = true;
  report(function, nameOfCall());
  reporting = false;
  errno = saved;
  return !isReliedOn(function);
}

Outcome awaitOnThread(const DescriptorWait *descriptors, size_t count, uint64_t deadline) {
  constexpr size_t kMost = 64;
  constexpr uint64_t kLookMs = 10; // how often it is looked at what nothing tells of: closed ones, and more descriptors
  pollfd fds[kMost];
  const size_t watched = count < kMost ? count : kMost;
  for (size_t i = 0; i < watched; ++i)
    fds[i] = {descriptors[i].fd, static_cast<short>(descriptors[i].events), 0};

  const uint64_t now = nowNs();
  uint64_t ms = deadline == kNever ? UINT64_MAX : deadline > now ? (deadline - now + kNsPerMs - 1) / kNsPerMs : 0;
  if (count > 0 && ms > kLookMs)
    ms = kLookMs;
  const int timeout = ms == UINT64_MAX ? -1 : ms < INT_MAX ? static_cast<int>(ms) : INT_MAX;
  const int found = real::poll(fds, watched, timeout);
  if (found < 0)
    return errno == EINTR ? Outcome::Interrupted : Outcome::NoMemory;
  const bool late = deadline != kNever && nowNs() >= deadline;
  return found > 0 || !late ? Outcome::Ready : Outcome::TimedOut;
}

} // namespace flux
