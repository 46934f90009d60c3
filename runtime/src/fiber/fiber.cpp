#include "fiber/fiber.h"

#include "fiber/stack_notes.h"

#include <atomic>
#include <boost/context/detail/fcontext.hpp>
#include <errno.h>
#include <new>

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

// The C++ runtime's record of what the thread has thrown and caught: a pointer and a count, by the Itanium C++ ABI.
// Weak, since servers in C have no C++ library.
extern "C" __attribute__((weak)) void *exceptionGlobals() noexcept __asm__("__cxa_get_globals");

namespace flux {

struct Exceptions {
  void *caught = nullptr;
  unsigned uncaught = 0;
};

namespace {

/// What of the thread's state belongs to the fiber that runs. It stays on the fiber's stack while others run.
class ThreadState {
public:
  explicit ThreadState(const ThreadPlaces &thread) : error(*thread.error) {
    if (thread.exceptions)
      exceptions = *thread.exceptions;
  }
  void restore(const ThreadPlaces &thread) const {
    if (thread.exceptions)
      *thread.exceptions = exceptions;
    *thread.error = error;
  }

  /// What a new fiber begins with.
  static void clear(const ThreadPlaces &thread) {
    if (thread.exceptions)
      *thread.exceptions = Exceptions();
  }

private:
  Exceptions exceptions;
  int error;
};

/// What a switch hands over.
struct Switch {
  Fiber &from;
  Fiber &to;
};

void arrive(transfer_t transfer) {
  const Switch &made = *static_cast<Switch *>(transfer.data);
  made.from.context = transfer.fctx;
  noteArrived(made.to, made.from);
}

/// A fiber's first switch leads here.
void enterFiber(transfer_t transfer) {
  Fiber &self = static_cast<Switch *>(transfer.data)->to;
  arrive(transfer);
  ThreadState::clear(*self.thread);
  self.body(self.argument);
  __builtin_unreachable();
}

} // namespace

void adoptThread(Fiber &fiber, ThreadPlaces &places) {
  places.error = &errno;
  places.exceptions = exceptionGlobals ? static_cast<Exceptions *>(exceptionGlobals()) : nullptr;
  fiber.thread = &places;
  noteCreated(fiber);
}

/// Numbers are given out again after four thousand million fibers.
static uint32_t newId() {
  static std::atomic<uint32_t> latest{0};
  uint32_t id;
  do // Relaxed: a number, which orders nothing.
    id = latest.fetch_add(1, std::memory_order_relaxed) + 1;
  while (id == 0);
  return id;
}

Fiber *createFiber(StackSource &stacks, size_t stackSize, void (*body)(void *), void *argument) {
  Stack stack;
  if (!stacks.take(stack, stackSize + sizeof(Fiber)))
    return nullptr;
  // Multiples of 16, which the ABI wants the stack pointer to be.
  constexpr size_t kRoom = (sizeof(Fiber) + 15) / 16 * 16;
  auto *fiber = new (stack.top() - kRoom) Fiber();
  fiber->stack = stack;
  fiber->lowest = stack.base;
  fiber->extent = static_cast<size_t>(reinterpret_cast<char *>(fiber) - stack.base);
  fiber->id = newId();
  fiber->body = body;
  fiber->argument = argument;
  fiber->context = make_fcontext(fiber, fiber->extent, enterFiber);
  noteCreated(*fiber);
  return fiber;
}

void destroyFiber(StackSource &stacks, Fiber *fiber) {
  fiber->own.destroySpecifics();
  noteDestroyed(*fiber);
  stacks.giveBack(fiber->stack);
}

void switchFiber(Fiber &from, Fiber &to) {
  const ThreadState state(*from.thread);
  Switch made = {from, to};
  to.thread = from.thread;
  from.own.putAway();
  noteLeaving(from, to);
  arrive(jump_fcontext(to.context, &made));
  from.own.bringBack();
  state.restore(*from.thread);
}

void trimFiber(StackSource &stacks, const Fiber &fiber) {
  // Its registers are what it uses last; the red zone of the ABI lies below them.
  constexpr size_t kRedZone = 128;
  stacks.trim(fiber.stack, static_cast<const char *>(fiber.context) - kRedZone);
}

} // namespace flux
