/// \file The program's streams of stdio at a fork(), and at the end of a process whose other threads may go on.
///
/// fflush(nullptr) serves for neither: it waits for a stream from which another thread reads, and glibc up to 2.36
/// lets it write the stream that dprintf() keeps on the stack of its thread, a second time or when the stack is gone.

#pragma once

#include <sys/types.h>

namespace flux {

/// Writes what is in the buffers of the streams, but of those that other threads use now: they write them themselves.
void flushStreams();

/// fork() after flushStreams(), so that what is in a buffer is written by one process alone. What another thread is
/// about to write stays with the parent.
pid_t forkWithoutStreams();

} // namespace flux
