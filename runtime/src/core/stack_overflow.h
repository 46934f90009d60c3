/// stack_overflow.h - names the node that needs more stack than there is.
#ifndef FLUX_CORE_STACK_OVERFLOW_H
#define FLUX_CORE_STACK_OVERFLOW_H

namespace flux {

/// From here on a flow or source that overflows its stack ends the process as before, by SIGSEGV, behind a line that
/// names the node, the size of the stack and the option for it. Nothing happens where the program or a sanitizer has a
/// handler for SIGSEGV. Main thread, before the sources run.
void reportStackOverflows();

} // namespace flux

#endif // FLUX_CORE_STACK_OVERFLOW_H
