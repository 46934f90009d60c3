#include "core/os/thread_call.h"

#include "core/os/real.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flux {

namespace {

/// Reads what fits of a small file, and ends it with a zero. False if there is nothing.
bool readFile(const char *name, char *text, size_t size) {
  // Not by the calls that park a flow, which may ask.
  const auto file = static_cast<int>(real::syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC));
  if (file < 0)
    return false;
  const ssize_t length = real::read(file, text, size - 1);
  real::close(file);
  text[length > 0 ? length : 0] = 0;
  return length > 0;
}

/// The number behind `name` in a file of lines, or 0.
uint64_t fieldOf(const char *text, const char *name) {
  const char *field = strstr(text, name);
  return field ? strtoull(field + strlen(name), nullptr, 10) : 0;
}

struct Call {
  long number;
  const char *name;
  bool waitsForDescriptor;
};

/// In which nodes usually wait. Those that a machine has not are not there.
constexpr Call kCalls[] = {
    {SYS_read, "read", true},
    {SYS_readv, "readv", true},
    {SYS_write, "write", true},
    {SYS_writev, "writev", true},
    {SYS_recvfrom, "recv", true},
    {SYS_recvmsg, "recvmsg", true},
    {SYS_sendto, "send", true},
    {SYS_sendmsg, "sendmsg", true},
    {SYS_accept, "accept", true},
    {SYS_accept4, "accept", true},
    {SYS_connect, "connect", true},
    {SYS_splice, "splice", false},
    {SYS_sendfile, "sendfile", false},
    {SYS_flock, "flock", false},
    {SYS_fcntl, "fcntl", false},
    {SYS_ppoll, "poll", false},
    {SYS_pselect6, "select", false},
    {SYS_epoll_pwait, "epoll_wait", false},
#ifdef SYS_poll
    {SYS_poll, "poll", false},
    {SYS_select, "select", false},
    {SYS_epoll_wait, "epoll_wait", false},
#endif
    {SYS_nanosleep, "nanosleep", false},
    {SYS_clock_nanosleep, "clock_nanosleep", false},
    {SYS_wait4, "wait", false},
    {SYS_waitid, "waitid", false},
    {SYS_futex, "futex", false},
    {SYS_msgrcv, "msgrcv", false},
    {SYS_msgsnd, "msgsnd", false},
    {SYS_semtimedop, "semop", false},
    {SYS_mq_timedreceive, "mq_receive", false},
    {SYS_mq_timedsend, "mq_send", false},
    {SYS_rt_sigtimedwait, "sigwait", false},
};

const Call *find(long number) {
  for (const Call &call : kCalls)
    if (call.number == number)
      return &call;
  return nullptr;
}

} // namespace

ThreadCall readThreadCall(pid_t thread) {
  ThreadCall call = {};
  char name[64];
  char text[2048];
  // A thread is found under its own number, whichever process it belongs to.
  snprintf(name, sizeof name, "/proc/%d/status", static_cast<int>(thread));
  if (!readFile(name, text, sizeof text))
    return call;
  call.threads = fieldOf(text, "\nThreads:");
  call.switches = fieldOf(text, "\nvoluntary_ctxt_switches:");
  snprintf(name, sizeof name, "/proc/%d/syscall", static_cast<int>(thread));
  if (!readFile(name, text, sizeof text))
    return call;
  // "running", or "-1 ..." for one that is stopped outside of any call.
  char *at = text;
  call.number = strtol(text, &at, 10);
  call.sleeps = at != text && call.number >= 0;
  for (uint64_t &argument : call.argument)
    argument = strtoull(at, &at, 16);
  return call;
}

const char *callName(long number) {
  const Call *call = find(number);
  return call ? call->name : nullptr;
}

bool waitsForDescriptor(long number) {
  const Call *call = find(number);
  return call && call->waitsForDescriptor;
}

uint64_t countThreads() {
  char text[2048];
  return readFile("/proc/self/status", text, sizeof text) ? fieldOf(text, "\nThreads:") : 0;
}

} // namespace flux
