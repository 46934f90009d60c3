/// interpose.h - libc's blocking calls, defined by the executable, so that every library in the process finds these.
///
/// In a job of a loop they block the job: its fiber is parked, and the loop goes on. Everywhere else - other threads,
/// signal handlers, before main() - they are libc's. They behave as POSIX says of blocking descriptors:
/// writes transfer everything, time-outs of sockets count, O_NONBLOCK set by the program is respected. In addition,
/// close() ends the calls of other jobs on the descriptor with EBADF.
///
/// Calls that no descriptor can be waited for in - of files, and those that look names up - are made by helpers
/// (helpers.h), if there are any.
#ifndef FLUX_POSIX_INTERPOSE_H
#define FLUX_POSIX_INTERPOSE_H

namespace flux {

void linkTransfers();
void linkConnections();
void linkWaits();
void linkFiles();
void linkProcesses();
void linkNames();
void linkSignals();
void linkStreams();
void linkStdio();
void linkWide();
void linkMutexes();
void linkRwlocks();
void linkConditions();
void linkSemaphores();
void linkOnce();
void linkFutexes();
void linkQueues();
void linkMoves();
void linkFileLocks();
void linkThreads();
void linkStates();
void linkLoading();

/// Does nothing, but refers to the objects that define the calls: an archive's member that nobody refers to is not
/// linked, and a sanitizer may have defined the calls before.
inline void linkInterposedCalls() {
  linkTransfers();
  linkConnections();
  linkWaits();
  linkFiles();
  linkProcesses();
  linkNames();
  linkSignals();
  linkStreams();
  linkStdio();
  linkWide();
  linkMutexes();
  linkRwlocks();
  linkConditions();
  linkSemaphores();
  linkOnce();
  linkFutexes();
  linkQueues();
  linkMoves();
  linkFileLocks();
  linkThreads();
  linkStates();
  linkLoading();
}

} // namespace flux

#endif // FLUX_POSIX_INTERPOSE_H
