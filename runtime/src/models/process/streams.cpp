#include "models/process/streams.h"

#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

#ifdef __GLIBC__

// Exported by glibc for whoever walks the list of streams, since 2.2.5, in the static library too. Its header is gone.
extern "C" {
FILE *_IO_iter_begin(void);
FILE *_IO_iter_end(void);
FILE *_IO_iter_next(FILE *position);
FILE *_IO_iter_file(FILE *position);
void _IO_list_lock(void);
void _IO_list_unlock(void);
void _IO_un_link(FILE *stream);
}

#endif

namespace flux {

namespace {

#ifdef __GLIBC__

template <typename Action> void forEachStream(Action action) {
  for (FILE *position = _IO_iter_begin(), *next; position != _IO_iter_end(); position = next) {
    next = _IO_iter_next(position); // the action may take the stream out of the list
    action(_IO_iter_file(position));
  }
}

/// Whether the stream is one of dprintf(), on the stack of the thread that calls it.
bool isOnStack(const FILE *stream) { return !stream->_lock; }

/// In the child of a fork(), where libc has made all locks anew: what streams hold now, a thread of the parent is about
/// to write.
void leaveToParent() {
  forEachStream([](FILE *stream) {
    if (isOnStack(stream))
      _IO_un_link(stream); // before its stack goes
    else if (__fpending(stream))
      __fpurge(stream);
  });
}

} // namespace

void flushStreams() {
  _IO_list_lock();
  forEachStream([](FILE *stream) {
    if (isOnStack(stream) || ftrylockfile(stream) != 0)
      return;
    if (__fpending(stream))
      fflush_unlocked(stream);
    funlockfile(stream);
  });
  _IO_list_unlock();
}

#else

void leaveToParent() {}

} // namespace

void flushStreams() { fflush(nullptr); }

#endif

pid_t forkWithoutStreams() {
  flushStreams();
  const pid_t pid = fork();
  if (pid == 0)
    leaveToParent();
  return pid;
}

} // namespace flux
