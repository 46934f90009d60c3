/// stack_notes.h - tells AddressSanitizer, ThreadSanitizer and Valgrind about fibers. All empty where none of them is.
#ifndef FLUX_FIBER_STACK_NOTES_H
#define FLUX_FIBER_STACK_NOTES_H

#include "core/os/sanitizers.h"
#include "fiber/fiber.h"

#ifdef FLUX_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FLUX_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace flux {

/// A fiber has come to be; its stack is known, unless it is the thread's own.
inline void noteCreated([[maybe_unused]] Fiber &fiber) {
#ifdef FLUX_TSAN
  fiber.shadow = fiber.stack.base ? __tsan_create_fiber(0) : __tsan_get_current_fiber();
#endif
#ifdef FLUX_VALGRIND
  if (fiber.stack.base)
    fiber.valgrindId = VALGRIND_STACK_REGISTER(fiber.stack.base, fiber.stack.top());
#endif
}

/// The fiber is about to be destroyed.
inline void noteDestroyed([[maybe_unused]] Fiber &fiber) {
#ifdef FLUX_ASAN
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
inline void noteLeaving([[maybe_unused]] Fiber &from, [[maybe_unused]] Fiber &to) {
#ifdef FLUX_ASAN
  __sanitizer_start_switch_fiber(&from.fakeStack, to.lowest, to.extent);
#endif
#ifdef FLUX_TSAN
  __tsan_switch_to_fiber(to.shadow, 0);
#endif
}

/// The first thing behind the jump from `from` to `to`. Learns where a thread's own stack lies.
inline void noteArrived([[maybe_unused]] Fiber &to, [[maybe_unused]] Fiber &from) {
#ifdef FLUX_ASAN
  __sanitizer_finish_switch_fiber(to.fakeStack, &from.lowest, &from.extent);
#endif
}

} // namespace flux

#endif // FLUX_FIBER_STACK_NOTES_H
