#include "models/process/streams.h"

#include "core/os/libc_streams.h"

#include <stdio_ext.h>
#include <unistd.h>

namespace flux {

namespace {

/// In the child of a fork(), where libc has made all locks anew: what streams hold now, a thread of the parent is about
/// to write.
void leaveToParent() {
  forEachLibcStream([](FILE &stream) {
    if (isOnStack(stream))
      _IO_un_link(&stream); // before its stack goes
    else if (__fpending(&stream))
      __fpurge(&stream);
  });
}

} // namespace

void flushStreams() {
  _IO_list_lock();
  forEachLibcStream([](FILE &stream) {
    if (isOnStack(stream) || ftrylockfile(&stream) != 0)
      return;
    if (__fpending(&stream))
      fflush_unlocked(&stream);
    funlockfile(&stream);
  });
  _IO_list_unlock();
}

pid_t forkWithoutStreams() {
  flushStreams();
  const pid_t pid = fork();
  if (pid == 0)
    leaveToParent();
  return pid;
}

} // namespace flux
