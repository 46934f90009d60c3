#include "fiber/fiber.h"

#include "core/os/sanitizers.h"

#include <atomic>
#include <boost/context/detail/fcontext.hpp>
#include <errno.h>
#include <new>
#include <utility>

#ifdef FLUX_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FLUX_TSAN
#include <sanitizer/tsan_interface.h>
#endif

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

// What AddressSanitizer, ThreadSanitizer and Valgrind are told. All empty where none of them is.

/// A fiber has come to be; its stack is known, unless it is the thread's own.
void noteCreated([[maybe_unused]] Fiber &fiber) {
  if (lsan::registerRootRegion && fiber.stack.base)
    lsan::registerRootRegion(fiber.stack.base, fiber.stack.size);
#ifdef FLUX_TSAN
  fiber.shadow = fiber.stack.base ? __tsan_create_fiber(0) : __tsan_get_current_fiber();
#endif
#ifdef FLUX_VALGRIND
  if (fiber.stack.base)
    fiber.valgrindId = VALGRIND_STACK_REGISTER(fiber.stack.base, fiber.stack.top());
#endif
}

#ifdef FLUX_ASAN
/// Where AddressSanitizer keeps the variables of a fiber that does not run. It frees that only where a thread leaves
/// the fiber for the last time, so this says that the caller went there and has come back.
__attribute__((no_sanitize_address)) void destroyFakeStack(const Fiber &fiber) {
  if (!fiber.fakeStack)
    return;
  void *own;
  const void *lowest;
  size_t extent;
  __sanitizer_start_switch_fiber(&own, fiber.lowest, fiber.extent);
  __sanitizer_finish_switch_fiber(fiber.fakeStack, &lowest, &extent);
  __sanitizer_start_switch_fiber(nullptr, lowest, extent);
  __sanitizer_finish_switch_fiber(own, nullptr, nullptr);
}
#endif

/// The fiber is about to be destroyed.
void noteDestroyed([[maybe_unused]] Fiber &fiber) {
  if (lsan::unregisterRootRegion)
    lsan::unregisterRootRegion(fiber.stack.base, fiber.stack.size);
#ifdef FLUX_ASAN
  destroyFakeStack(fiber);
  ASAN_UNPOISON_MEMORY_REGION(fiber.stack.base, fiber.stack.size);
#endif
#ifdef FLUX_TSAN
  __tsan_destroy_fiber(fiber.shadow);
#endif
#ifdef FLUX_VALGRIND
  VALGRIND_STACK_DEREGISTER(fiber.valgrindId);
#endif
}

/// The last thing before the jump away from `from`.
void noteLeaving([[maybe_unused]] Fiber &from, [[maybe_unused]] Fiber &to) {
#ifdef FLUX_ASAN
  __sanitizer_start_switch_fiber(&from.fakeStack, to.lowest, to.extent);
#endif
#ifdef FLUX_TSAN
  __tsan_switch_to_fiber(to.shadow, 0);
#endif
}

/// The first thing behind the jump from `from` to `to`. Learns where a thread's own stack lies.
void noteArrived([[maybe_unused]] Fiber &to, [[maybe_unused]] Fiber &from) {
#ifdef FLUX_ASAN
  __sanitizer_finish_switch_fiber(to.fakeStack, &from.lowest, &from.extent);
#endif
}

/// What of the thread's state belongs to the fiber that runs. It stays on the fiber's stack while others run.
class ThreadState {
public:
  /// Takes it away from the thread: the next fiber brings its own, or begins with none.
  explicit ThreadState(const ThreadPlaces &thread) : error(*thread.error) {
    if (thread.exceptions)
      exceptions = std::exchange(*thread.exceptions, Exceptions());
  }
  void restore(const ThreadPlaces &thread) const {
    if (thread.exceptions)
      *thread.exceptions = exceptions;
    *thread.error = error;
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

void switchIdleFiber(Fiber &from, Fiber &to) {
  Switch made = {from, to};
  to.thread = from.thread;
  noteLeaving(from, to);
  arrive(jump_fcontext(to.context, &made));
}

void switchFiber(Fiber &from, Fiber &to) {
  const ThreadState state(*from.thread);
  if (from.own.changed)
    from.own.putAway();
  switchIdleFiber(from, to);
  if (from.own.changed)
    from.own.bringBack();
  state.restore(*from.thread);
}

void trimFiber(StackSource &stacks, const Fiber &fiber) {
  // Its registers are what it uses last; the red zone of the ABI lies below them.
  constexpr size_t kRedZone = 128;
  stacks.trim(fiber.stack, static_cast<const char *>(fiber.context) - kRedZone);
}

} // namespace flux
