/// thread_call.h - which system call a thread is in, by the kernel's own word (proc(5), /proc/pid/task/tid/syscall).
#ifndef FLUX_CORE_OS_THREAD_CALL_H
#define FLUX_CORE_OS_THREAD_CALL_H

#include <stdint.h>
#include <sys/types.h>

namespace flux {

/// What a thread is in.
struct ThreadCall {
  bool sleeps;          // in a system call that has not returned, and the rest is known
  long number;          // SYS_read and so on
  uint64_t argument[6]; // of the call
  uint64_t threads;     // how many its process has
  uint64_t switches;    // how often the thread has slept so far: the same twice means that it has not run in between
};

/// Looks at a thread of this process or of a child. Where the system does not tell (no /proc, say), it does not
/// sleep. Any thread.
ThreadCall readThreadCall(pid_t thread);

/// What the call is called: "read"; null if it is none of those that nodes usually wait in.
const char *callName(long number);

/// Whether the call waits for its first argument, a descriptor, and for nothing else.
bool waitsForDescriptor(long number);

/// How many threads this process has. 0 if the system does not tell. Any thread.
uint64_t countThreads();

} // namespace flux

#endif // FLUX_CORE_OS_THREAD_CALL_H
