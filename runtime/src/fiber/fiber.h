/// fiber.h - a call stack of its own, and the switch from one to another.
///
/// The switch is Boost.Context's fcontext: the callee-saved registers and the stack pointer, no system call. What a
/// thread keeps outside of registers and what sequential code expects to be its own moves along: errno, the exceptions
/// that are being handled, and what own_state.h has. Everything else of the thread, thread-locals above all, stays the
/// thread's. A fiber never changes its thread.
///
/// AddressSanitizer, ThreadSanitizer and Valgrind are told about every stack and switch.
#ifndef FLUX_FIBER_FIBER_H
#define FLUX_FIBER_FIBER_H

#include "fiber/own_state.h"
#include "fiber/stack.h"

#include <stdint.h>

namespace flux {

struct Exceptions;
struct Wait;

/// Where a thread keeps what moves along with a switch. Asking for it costs more than the switch, so it is asked once.
struct ThreadPlaces {
  int *error = nullptr;
  Exceptions *exceptions = nullptr; // null without the C++ library
};

struct Fiber {
  Fiber *next = nullptr;       // in the one list that it is in
  Wait *wait = nullptr;        // what it waits for, while that may be cut short
  Fiber *nextRemote = nullptr; // among those permitted by other threads
  bool permitted = false;      // see Scheduler::permit()
  bool parked = false;         // in Scheduler::park()
  void *context = nullptr;     // where it goes on, while it does not run
  void (*body)(void *) = nullptr;
  void *argument = nullptr;
  Stack stack;                    // empty for a thread's own
  ThreadPlaces *thread = nullptr; // of the thread that it has last run on
  uint32_t id = 0;                // no other's in the process; 0 for a thread's own stack
  OwnState own;

  // For sanitizers and Valgrind; unused without them.
  const void *lowest = nullptr;
  size_t extent = 0;
  void *fakeStack = nullptr;
  void *shadow = nullptr;
  unsigned valgrindId = 0;
};

static_assert(offsetof(Fiber, stack) - offsetof(Fiber, context) == 24 && sizeof(Fiber) <= 256,
              "utils/gdb/fibers.py knows this layout");

/// A FIFO of fibers.
class FiberQueue {
public:
  bool empty() const { return head == nullptr; }
  void push(Fiber &fiber) {
    fiber.next = nullptr;
    (head ? tail->next : head) = &fiber;
    tail = &fiber;
  }
  Fiber &pop() {
    Fiber &fiber = *head;
    head = fiber.next;
    return fiber;
  }

private:
  Fiber *head = nullptr;
  Fiber *tail = nullptr;
};

/// Makes `fiber` stand for the stack that the calling thread runs on, so that it can be switched away from. `places`,
/// which must live as long, is filled in.
void adoptThread(Fiber &fiber, ThreadPlaces &places);

/// Makes a fiber that will run `body(argument)`, which must not return, on a stack of `stackSize` bytes; the Fiber
/// itself lives at its top. Null with errno set if there is no stack. Any thread.
Fiber *createFiber(StackSource &stacks, size_t stackSize, void (*body)(void *), void *argument);

/// Ends a fiber that does not run; its stack goes back to where it is from. What its frames own is not destroyed, the
/// values of its keys are. Any thread.
void destroyFiber(StackSource &stacks, Fiber *fiber);

/// Goes on with `to`; returns when somebody switches back to `from`, on which the caller must run. Both belong to the
/// calling thread.
void switchFiber(Fiber &from, Fiber &to);

/// The same where `from` has nothing of the thread's state that it wants to find again, and handles no exception.
void switchIdleFiber(Fiber &from, Fiber &to);

/// Gives back the stack that a fiber, which does not run, has used before but does not use now.
void trimFiber(StackSource &stacks, const Fiber &fiber);

} // namespace flux

#endif // FLUX_FIBER_FIBER_H
