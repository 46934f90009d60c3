#include "core/stack_overflow.h"

#include "core/context.h"
#include "core/functions.h"
#include "core/log.h"
#include "core/os/os_thread.h"
#include "core/os/real.h"
#include "core/runtime.h"

#include <signal.h>
#include <stdio.h>

namespace flux {

namespace {

/// Code that touches a page below the stack is at most so far away from it: the guard of a fiber's stack. Frames that
/// are larger touch their pages one by one (-fstack-clash-protection).
constexpr uintptr_t kReach = uintptr_t{64} * 1024;

bool isJustBelow(const void *address, const void *lowest) {
  const auto at = reinterpret_cast<uintptr_t>(address), low = reinterpret_cast<uintptr_t>(lowest);
  return low != 0 && at < low && low - at <= kReach;
}

void log(const Context &context, size_t size, const char *remedy) {
  char name[256] = "a source, predicate or handler";
  if (const flux_ir_function *function = findFunction(__atomic_load_n(&context.head.node, __ATOMIC_RELAXED)))
    snprintf(name, sizeof name, "%s '%s' (%s:%u)", kindName(*function), function->name, function->file, function->line);
  logMessage("%s has overflowed its stack of %zu KiB; %s", name, size / 1024, remedy);
}

/// Says whose stack ends at the address, if it is one's.
void explain(const void *address) {
  Context *context = currentContext();
  if (!context)
    return;
  const auto stackOf = runtime.model->flows.stackOf;
  if (const OwnStack &own = threadStack(); isJustBelow(address, own.lowest)) {
    log(*context, own.size,
        stackOf ? "a node that is declared blocking has one of the system's size: `ulimit -s` sets it"
                : "--flux-stack-size=BYTES sets it");
    return;
  }
  if (!stackOf)
    return;
  const OwnStack stack = stackOf(*context);
  if (isJustBelow(address, stack.lowest))
    log(*context, stack.size,
        "--flux-stack-size=BYTES sets it for all flows, and costs memory only where a flow uses it");
}

void onFault(int signal, siginfo_t *info, void *) {
  explain(info->si_addr);
  // The instruction is tried again, and ends the process as it always did.
  struct sigaction none = {};
  none.sa_handler = SIG_DFL;
  real::sigaction(signal, &none, nullptr);
}

} // namespace

void reportStackOverflows() {
  struct sigaction present = {};
  if (real::sigaction(SIGSEGV, nullptr, &present) != 0 || (present.sa_flags & SA_SIGINFO) ||
      present.sa_handler != SIG_DFL)
    return;
  struct sigaction action = {};
  action.sa_sigaction = onFault;
  // The stack is at its end, so the handler has another one: that of the thread (os_thread.cpp).
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  real::sigaction(SIGSEGV, &action, nullptr);
}

} // namespace flux
