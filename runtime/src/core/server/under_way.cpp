#include "core/server/under_way.h"

#include "core/functions.h"
#include "core/os/clock.h"
#include "core/os/thread_call.h"
#include "core/runtime.h"
#include "core/text.h"

#include <stdlib.h>

namespace flux {

namespace {

/// The lock that one holds who may be taking and giving back others meanwhile. While its context is there.
int32_t heldBy(const Standing &standing, uint32_t i) {
  return __atomic_load_n(&standing.held[i].index, __ATOMIC_RELAXED);
}

/// Reads what a context says of itself. False if nothing runs in it.
bool read(const Context &context, Standing &standing) {
  // Acquire: pairs with the flow's beginning, whose time and session stand there before.
  standing.source = context.source.load(std::memory_order_acquire);
  if (!standing.source)
    return false;
  standing.isSource = context.isSources;
  standing.startNs = standing.isSource ? kNever : context.startNs.load(std::memory_order_relaxed);
  standing.session = __atomic_load_n(&context.head.session, __ATOMIC_RELAXED);
  standing.node = __atomic_load_n(&context.head.node, __ATOMIC_RELAXED);
  standing.thread = context.thread.load(std::memory_order_relaxed);
  standing.fiber = context.fiber.load(std::memory_order_relaxed);

  const uint64_t changes = context.blocked.changes();
  standing.waitsFor = changes % 2 == 1 ? context.blocked.what() : WaitsFor::Nothing;
  standing.which = context.blocked.which();
  if (context.blocked.changes() != changes)
    standing.waitsFor = WaitsFor::Nothing; // it goes on
  // Constraints stand between nodes, where the last may still be named.
  if (standing.waitsFor == WaitsFor::Constraint)
    standing.node = FLUX_IR_NO_NODE;

  standing.held = context.held;
  // Acquire: so many indices are there.
  standing.numHeld = __atomic_load_n(&context.numHeld, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < standing.numHeld && i < Standing::kShownLocks; ++i)
    standing.shownLocks[i] = heldBy(standing, i);
  return true;
}

/// Names the system call that a thread sleeps in.
void addCall(Text &text, pid_t thread) {
  const ThreadCall call = readThreadCall(thread);
  if (!call.sleeps)
    return;
  const char *name = callName(call.number);
  text.add("%s", name ? name : "a system call");
  if (waitsForDescriptor(call.number))
    text.add("(%d)", static_cast<int>(call.argument[0]));
}

/// Says what it waits for; nothing, if it runs.
void addReason(Text &text, const Standing &standing) {
  switch (standing.waitsFor) {
  case WaitsFor::Nothing:
    if (standing.thread != 0)
      addCall(text, standing.thread);
    break;
  case WaitsFor::Constraint:
    text.add("constraint '%s'", runtime.program->locks[standing.which].name);
    break;
  case WaitsFor::Descriptor:
    text.add("descriptor %d", static_cast<int>(standing.which));
    break;
  case WaitsFor::Mutex:
    text.add("a mutex of the program");
    break;
  case WaitsFor::Flow:
    text.add("another flow or thread");
    break;
  case WaitsFor::Room:
    text.add("a flow to end");
    break;
  case WaitsFor::Time:
    text.add("time or several descriptors");
    break;
  }
}

void offerStanding(const Standing &standing, Figures &figures, uint64_t now) {
  char words[256];
  const flux_ir_function *function = findFunction(standing.node);
  figures.beginItem();
  figures.text("source", standing.source->description->name);
  figures.flag("is_source", standing.isSource);
  figures.id("session", standing.session);
  figures.gauge("age_ms", standing.startNs < now ? (now - standing.startNs) / kNsPerMs : 0);
  figures.text("node", function ? function->name : "");
  {
    Text text(words, sizeof words);
    addReason(text, standing);
    figures.text("waits_for", words);
  }
  {
    Text text(words, sizeof words);
    for (uint32_t i = 0; i < standing.numHeld && i < Standing::kShownLocks; ++i)
      text.add("%s%s", i ? ", " : "", runtime.program->locks[standing.shownLocks[i]].name);
    figures.text("holds", words);
  }
  figures.id("tid", standing.thread);
  figures.id("fiber", standing.fiber);
  figures.end();
}

} // namespace

void Oldest::add(const Standing &standing) {
  unsigned place = number;
  while (place > 0 && standing.startNs < shown[place - 1].startNs)
    --place;
  if (place == kShown)
    return;
  number += number < kShown;
  for (unsigned i = number - 1; i > place; --i)
    shown[i] = shown[i - 1];
  shown[place] = standing;
}

void Oldest::offer(const char *name, Figures &figures, uint64_t now) const {
  figures.beginList(name);
  for (unsigned i = 0; i < number; ++i)
    offerStanding(shown[i], figures, now);
  figures.end();
}

UnderWay::~UnderWay() {
  free(inFunction);
  free(locks);
}

bool UnderWay::open() {
  const flux_ir_program_t &program = *runtime.program;
  inFunction = static_cast<uint64_t *>(calloc(program.num_functions + 1, sizeof *inFunction));
  locks = static_cast<OfLock *>(calloc(program.num_locks + 1, sizeof *locks));
  return inFunction && locks;
}

void UnderWay::look() {
  const auto forEach = runtime.model->life.forEachContext;
  (forEach ? forEach : forEachContext)(see, this);
}

void UnderWay::see(void *self, Context &context) {
  Standing standing;
  if (read(context, standing))
    static_cast<UnderWay *>(self)->add(standing);
}

void UnderWay::add(const Standing &standing) {
  if (!standing.isSource) {
    ++numFlows;
    oldestFlows.add(standing);
    if (findFunction(standing.node))
      ++inFunction[standing.node];
  }
  for (uint32_t i = 0; i < standing.numHeld; ++i) {
    OfLock &held = locks[heldBy(standing, i)];
    ++held.holding;
    held.holders.add(standing);
  }
  if (standing.waitsFor == WaitsFor::Constraint) {
    OfLock &awaited = locks[standing.which];
    ++awaited.waiting;
    awaited.waiters.add(standing);
  }
}

} // namespace flux
