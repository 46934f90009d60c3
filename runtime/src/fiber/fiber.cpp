#include "fiber/fiber.h"

#include "fiber/sanitizers.h"

#include <boost/context/detail/fcontext.hpp>
#include <errno.h>
#include <new>
#include <string.h>

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

// The C++ runtime's record of what the thread has thrown and caught: a pointer and a count, by the Itanium C++ ABI.
// Weak, since servers in C have no C++ library.
extern "C" __attribute__((weak)) void *exceptionGlobals() noexcept __asm__("__cxa_get_globals");

namespace flux {

namespace {

struct Exceptions {
  void *caught;
  unsigned uncaught;
};

/// What of the thread's state belongs to the fiber that runs. It stays on the fiber's stack while others run.
class ThreadState {
public:
  ThreadState() : error(errno) {
    if (exceptionGlobals)
      memcpy(&exceptions, exceptionGlobals(), sizeof exceptions);
  }
  void restore() const {
    if (exceptionGlobals)
      memcpy(exceptionGlobals(), &exceptions, sizeof exceptions);
    errno = error;
  }

  /// What a new fiber begins with.
  static void clear() {
    if (exceptionGlobals)
      memset(exceptionGlobals(), 0, sizeof exceptions);
  }

private:
  Exceptions exceptions = {};
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
  ThreadState::clear();
  self.body(self.argument);
  __builtin_unreachable();
}

} // namespace

void adoptThread(Fiber &fiber) { noteCreated(fiber); }

Fiber *createFiber(size_t stackSize, void (*body)(void *), void *argument) {
  Stack stack;
  if (!mapStack(stack, stackSize + sizeof(Fiber)))
    return nullptr;
  // Multiples of 16, which the ABI wants the stack pointer to be.
  constexpr size_t kRoom = (sizeof(Fiber) + 15) / 16 * 16;
  auto *fiber = new (stack.top() - kRoom) Fiber();
  fiber->stack = stack;
  fiber->lowest = stack.base;
  fiber->extent = static_cast<size_t>(reinterpret_cast<char *>(fiber) - stack.base);
  fiber->body = body;
  fiber->argument = argument;
  fiber->context = make_fcontext(fiber, fiber->extent, enterFiber);
  noteCreated(*fiber);
  return fiber;
}

void destroyFiber(Fiber *fiber) {
  noteDestroyed(*fiber);
  unmapStack(fiber->stack);
}

void switchFiber(Fiber &from, Fiber &to) {
  const ThreadState state;
  Switch made = {from, to};
  noteLeaving(from, to);
  arrive(jump_fcontext(to.context, &made));
  state.restore();
}

void trimFiber(const Fiber &fiber) {
  // Its registers are what it uses last; the red zone of the ABI lies below them.
  constexpr size_t kRedZone = 128;
  trimStack(fiber.stack, static_cast<const char *>(fiber.context) - kRedZone);
}

} // namespace flux
