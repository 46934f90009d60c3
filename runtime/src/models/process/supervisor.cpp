#include "models/process/supervisor.h"

#include "core/hang/hang_watch.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/runtime.h"
#include "core/server/server.h"
#include "core/server/snapshot.h"
#include "core/server/snapshot_file.h"
#include "flux/flux.h"
#include "models/process/shared_memory.h"
#include "models/process/streams.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flux {

SupervisorOptions supervisorOptions;

namespace {

/// A worker that lives for less has died at once.
constexpr uint64_t kQuickNs = kNsPerSecond;
constexpr uint64_t kFirstWaitNs = 100 * kNsPerMs;

/// How long a worker may take to end beyond the drain limit, which it keeps itself unless it is stopped or stuck.
constexpr uint64_t kGraceNs = 5 * kNsPerSecond;

/// How long the supervisor waits for the mutex of a lock, and how soon it tries again. A worker keeps it for long only
/// when it has been stopped (SIGSTOP).
constexpr uint64_t kMutexNs = kNsPerMs;
constexpr uint64_t kMutexRetryNs = 10 * kNsPerMs;

enum class State : uint8_t {
  Waiting, // to be started when `due`
  Running,
  Dead, // still to be cleared of its locks, when `due`
  Done  // not to be started again
};

struct Worker {
  State state;
  std::atomic<pid_t> pid; // 0 unless it runs; read by a signal handler
  int process;            // its pidfd
  int wake;               // its eventfd, which its successors inherit
  uint64_t due;
  uint64_t started;
  uint64_t quickDeaths; // in a row
  bool finished;        // nobody takes its place
};

// The supervisor's own. A worker inherits a copy and uses but its number.
Worker *workers = nullptr;
uint32_t numWorkers = 0;
uint32_t thisWorker = 0;
int epoll = -1; // of the pidfds
bool everStarted = false;
bool told = false;          // the workers have been told to stop
uint64_t deadline = kNever; // for them to have ended by
int status = kExitStopped;
uint64_t replaced = 0;
Served (*serveWorker)() = nullptr;
RateLimit limit;

void logWorker(const char *format, ...) __attribute__((format(printf, 1, 2)));
void logWorker(const char *format, ...) {
  uint64_t suppressed;
  if (!limit.admit(suppressed))
    return;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  logMessage("%s", text);
  if (suppressed)
    logMessage("%llu more messages about workers were not shown", static_cast<unsigned long long>(suppressed));
}

/// In the signal handler of the second SIGTERM.
void killWorkers() {
  for (uint32_t i = 0; i < numWorkers; ++i)
    if (const pid_t pid = workers[i].pid.load(std::memory_order_relaxed))
      kill(pid, SIGKILL);
}

/// Closes what a worker has inherited and only the supervisor needs.
void forgetOthers(uint32_t number) {
  close(epoll);
  for (uint32_t i = 0; i < numWorkers; ++i) {
    if (workers[i].process >= 0)
      close(workers[i].process);
    if (i != number)
      close(workers[i].wake);
  }
}

/// The life of a worker. It ends without atexit handlers and destructors, which are the parent's.
[[noreturn]] void beWorker(uint32_t number, pid_t parent) {
  thisWorker = number;
  becomeWorker(workers[number].wake, parent);
  forgetOthers(number);
  const Served served = serveWorker();
  if (served.status == kExitStopped)
    // Relaxed: the supervisor looks when this process has ended.
    shared.progress(number).store(Progress::Finished, std::memory_order_relaxed);
  if (isOrphaned())
    logMessage("worker %d has stopped, because its supervisor has died", static_cast<int>(getpid()));
  if (!served.threadsLeft)
    flushStreams();
  exitBesideThreads(served.status);
}

/// Sets when a worker is to be started that could not be, or did not live long.
void postpone(Worker &worker) {
  const uint64_t longest = static_cast<uint64_t>(supervisorOptions.longestWaitMs) * kNsPerMs;
  uint64_t wait = 0;
  if (worker.quickDeaths > 0)
    wait = worker.quickDeaths > 20 ? longest : kFirstWaitNs << (worker.quickDeaths - 1);
  worker.state = State::Waiting;
  worker.due = nowNs() + (wait < longest ? wait : longest);
}

bool watch(Worker &worker, pid_t pid) {
  worker.process = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  epoll_event event = {};
  event.events = EPOLLIN;
  return worker.process >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, worker.process, &event) == 0;
}

void startWorker(uint32_t number) {
  Worker &worker = workers[number];
  const pid_t parent = getpid();
  shared.progress(number).store(Progress::Starting, std::memory_order_relaxed);
  worker.process = -1;
  worker.started = nowNs();
  pid_t pid;
  {
    const NoSnapshot none; // by another thread, which would never end it in the worker
    pid = forkWithoutStreams();
  }
  if (pid == 0)
    beWorker(number, parent);
  if (pid > 0 && watch(worker, pid)) {
    worker.pid.store(pid, std::memory_order_relaxed);
    worker.state = State::Running;
    return;
  }
  logWorker("cannot start worker %u: %s", number, strerror(errno));
  if (pid > 0) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    close(worker.process);
    worker.process = -1;
  }
  ++worker.quickDeaths;
  // Also without a process: what the attempt may have left is cleared in any case.
  worker.state = State::Dead;
  worker.due = 0;
}

/// Ends the server because of a worker.
void stopWith(int newStatus) {
  if (status == kExitStopped)
    status = newStatus;
  flux_stop();
}

/// Counts flows that died with their worker as lost, and its sources as ended.
void settleCounters(uint32_t number) {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    Counters &counters = *shared.counters(number, i);
    SourceCounters &source = counters.sources[i];
    bump(source.lost, peek(source.flows) - source.times.count() - peek(source.lost));
    bump(source.ended, peek(source.begun) - peek(source.ended));
    // The dead wait for nothing.
    for (void *context : {shared.sourceContext(number, i), shared.flowContext(number, i)})
      static_cast<Context *>(context)->source.store(nullptr, std::memory_order_relaxed);
  }
}

/// Says how a worker has died that was to live on.
void logDeath(const Worker &worker, pid_t pid, int how) {
  const double seconds = double(nowNs() - worker.started) / double(kNsPerSecond);
  if (WIFSIGNALED(how))
    logWorker("worker %d was killed by signal %d (%s) after %.1f s", static_cast<int>(pid), WTERMSIG(how),
              strsignal(WTERMSIG(how)), seconds);
  else
    logWorker("worker %d could not start (status %d)", static_cast<int>(pid), WEXITSTATUS(how));
}

/// Decides what becomes of a worker that has ended; see supervise().
void settle(uint32_t number, pid_t pid, int how) {
  Worker &worker = workers[number];
  const Progress progress = shared.progress(number).load(std::memory_order_relaxed);
  everStarted |= progress != Progress::Starting;
  settleCounters(number);
  worker.state = State::Dead;
  worker.due = 0;
  if (progress == Progress::Finished) {
    worker.finished = true;
    return;
  }
  if (WIFEXITED(how) && progress == Progress::Serving) {
    if (WEXITSTATUS(how) != 0)
      logWorker("worker %d ended the server by exit(%d)", static_cast<int>(pid), WEXITSTATUS(how));
    stopWith(WEXITSTATUS(how));
    return;
  }
  logDeath(worker, pid, how);
  worker.quickDeaths = nowNs() - worker.started < kQuickNs ? worker.quickDeaths + 1 : 0;
}

/// Learns which workers have ended.
void reap() {
  for (uint32_t i = 0; i < numWorkers; ++i) {
    Worker &worker = workers[i];
    int how = 0;
    const pid_t pid = worker.pid.load(std::memory_order_relaxed);
    if (pid == 0)
      continue;
    const pid_t ended = waitpid(pid, &how, WNOHANG);
    // Without a child of that name, the program has set SIGCHLD to be ignored: then only what it noted itself is known.
    if (ended == 0 || (ended < 0 && errno != ECHILD))
      continue;
    worker.pid.store(0, std::memory_order_relaxed);
    close(worker.process);
    worker.process = -1;
    settle(i, pid, ended < 0 ? SIGKILL : how);
  }
}

bool evict(uint32_t number) {
  for (uint64_t i = 0; i < runtime.program->num_locks; ++i)
    if (!shared.lock(i).evict(shared.place(number, 0), shared.placesPerWorker(), kMutexNs))
      return false;
  return true;
}

/// Takes the locks from the dead, and decides when they are replaced.
void bury(uint32_t number) {
  Worker &worker = workers[number];
  if (!evict(number))
    worker.due = nowNs() + kMutexRetryNs;
  else if (isStopping() || worker.finished)
    worker.state = State::Done;
  else
    postpone(worker);
}

uint32_t count(State state) {
  uint32_t number = 0;
  for (uint32_t i = 0; i < numWorkers; ++i)
    number += workers[i].state == state;
  return number;
}

/// Lets workers know how many of them there are.
void publish() {
  WorkerCounts &counts = shared.workers();
  __atomic_store_n(&counts.running, count(State::Running), __ATOMIC_RELAXED);
  __atomic_store_n(&counts.finished, count(State::Done), __ATOMIC_RELAXED);
  __atomic_store_n(&counts.replaced, replaced, __ATOMIC_RELAXED);
}

/// Whether none of the first workers could start.
bool failedToStart() { return !everStarted && count(State::Running) == 0; }

/// Tells the workers that the server stops, and ends those that do not keep the time for it.
void enforceStop() {
  const uint64_t now = nowNs();
  for (uint32_t i = 0; i < numWorkers; ++i) {
    Worker &worker = workers[i];
    if (worker.state == State::Waiting)
      worker.state = State::Done;
    if (worker.state != State::Running)
      continue;
    const uint64_t one = 1;
    if (!told && write(worker.wake, &one, sizeof one) < 0)
      continue; // its counter is full, so it is awake
    if (now >= deadline) {
      logWorker("worker %d did not end in time and was killed", static_cast<int>(worker.pid));
      kill(worker.pid, SIGKILL);
    }
  }
  if (!told)
    deadline = now + static_cast<uint64_t>(coreOptions.drainMs) * kNsPerMs + kGraceNs;
  else if (now >= deadline)
    deadline = now + kGraceNs;
  told = true;
}

/// Does for every worker what is due; returns when the next thing is.
uint64_t attend() {
  uint64_t next = kNever;
  for (uint32_t i = 0; i < numWorkers; ++i) {
    Worker &worker = workers[i];
    if (worker.state == State::Dead && worker.due <= nowNs())
      bury(i);
    if (worker.state == State::Waiting && worker.due <= nowNs() && !isStopping()) {
      replaced += worker.started != 0;
      startWorker(i);
    }
    if ((worker.state == State::Dead || worker.state == State::Waiting) && worker.due < next)
      next = worker.due;
  }
  return next;
}

/// Makes what supervisor and workers need before the first fork.
bool prepare() {
  numWorkers = static_cast<uint32_t>(supervisorOptions.workers);
  workers = static_cast<Worker *>(calloc(numWorkers, sizeof(Worker)));
  epoll = epoll_create1(EPOLL_CLOEXEC);
  bool made = workers && epoll >= 0;
  for (uint32_t i = 0; i < numWorkers && made; ++i) {
    Worker &worker = *new (&workers[i]) Worker();
    worker.process = -1;
    worker.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    made = worker.wake >= 0;
  }
  if (!made)
    logMessage("cannot prepare %u workers: %s", numWorkers, strerror(errno));
  return made && shared.create(numWorkers);
}

} // namespace

uint32_t workerNumber() { return thisWorker; }

void forEachContextOfWorkers(void (*see)(void *argument, Context &context), void *argument) {
  for (uint32_t i = 0; i < numWorkers; ++i)
    for (uint64_t j = 0; j < runtime.program->num_sources; ++j)
      for (void *context : {shared.sourceContext(i, j), shared.flowContext(i, j)})
        see(argument, *static_cast<Context *>(context));
}

Served supervise(Served (*serve)()) {
  if (!prepare())
    return {kExitFailed, false};
  serveWorker = serve;
  becomeSupervisor(shared.signals(), killWorkers);
  beginSnapshots();
  HangWatch hangs;
  for (;;) {
    reap();
    hangs.look();
    noteRates();
    uint64_t next = attend();
    publish();
    if (takeSnapshotRequest())
      writeSnapshot();
    if (failedToStart() && !isStopping())
      stopWith(kExitFailed);
    if (isStopping()) {
      enforceStop();
      next = deadline < next ? deadline : next;
    }
    if (count(State::Done) == numWorkers) {
      endSnapshots();
      return {status, false};
    }
    waitForEvent(std::min(next, hangs.due()), epoll);
  }
}

void offerWorkers(Figures &figures) {
  uint64_t lost = 0;
  for (uint32_t i = 0; i < numWorkers; ++i)
    for (uint64_t j = 0; j < runtime.program->num_sources; ++j)
      lost += peek(shared.counters(i, j)->sources[j].lost);
  const WorkerCounts &counts = shared.workers();
  figures.beginGroup("workers");
  figures.gauge("running", peek(counts.running));
  figures.gauge("limit", numWorkers);
  figures.gauge("finished", peek(counts.finished));
  figures.count("replaced", peek(counts.replaced));
  figures.count("flows_lost", lost);
  figures.end();
}

} // namespace flux
