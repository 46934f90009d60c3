#include "core/server/server.h"
#include "core/exceptions.h"

#include "core/hang/hang_watch.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/os/futex.h"
#include "core/runtime.h"
#include "core/server/program_check.h"
#include "core/server/signals.h"
#include "core/server/snapshot.h"
#include "core/server/snapshot_file.h"
#include "core/stack_overflow.h"
#include "core/thread_exit.h"
#include "flux/flux.h"

#include <algorithm>
#include <initializer_list>
#include <unistd.h>

// The program's hooks, null where it has none. `init` comes from programs of the 2006 compiler, in C or in C++.
#pragma weak flux_init
#pragma weak flux_shutdown
extern "C" {
__attribute__((weak)) void init(int argc, char **argv);
__attribute__((weak)) void initOfCxx(int argc, char **argv) __asm__("_Z4initiPPc");
}

namespace flux {

namespace {

/// The command line, and what the program's hook says to it.
struct InitCall {
  int argc;
  char **argv;
  int status;
};

void initProgram(void *argument) {
  auto &call = *static_cast<InitCall *>(argument);
  if (flux_init)
    call.status = flux_init(call.argc, call.argv);
  else if (init)
    init(call.argc, call.argv);
  else if (initOfCxx)
    initOfCxx(call.argc, call.argv);
}

/// Lets the program set itself up; returns what its hook does.
int callInitHook(int argc, char **argv) {
  InitCall call = {argc, argv, 0};
  const int32_t error = callProgram(initProgram, &call, "hook", "flux_init");
  return error ? error : call.status;
}

void callShutdownHook() {
  if (flux_shutdown)
    callProgram([](void *) { flux_shutdown(); }, nullptr, "hook", "flux_shutdown");
}

uint64_t countLiveSources() {
  uint64_t live = 0;
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    // Acquire: what the source did, its flows counted above all, is seen once it is known to have ended.
    live += !runtime.source(i).ended.load(std::memory_order_acquire);
  return live;
}

/// What was still running when the server gave up waiting; both 0 after an orderly end.
struct Left {
  uint64_t sources;
  uint64_t flows;
};

/// The main thread's work while the server runs: answers signals, and returns when all is done or, after a stop,
/// when the time for it is over.
///
///   running --sources end--> draining --flows end--> done
///      `--stop: interrupt sources, start the clock--'
Left superviseUntilDone() {
  constexpr uint64_t kFirstInterruptNs = kNsPerMs, kLastInterruptNs = 64 * kNsPerMs;
  uint64_t interruptNs = kFirstInterruptNs;
  uint64_t deadline = 0;
  HangWatch hangs;
  const bool isWorker = runtime.model->life.supervise; // the supervisor watches
  for (;;) {
    if (takeSnapshotRequest())
      writeSnapshot();
    if (!isWorker) {
      hangs.look();
      noteRates();
    }
    const uint64_t liveSources = countLiveSources();
    if (liveSources == 0 && runtime.model->flows.drain() == 0)
      return {0, 0};
    uint64_t next = isWorker ? kNever : hangs.due();
    if (flux_stopping()) {
      const uint64_t now = nowNs();
      if (deadline == 0)
        deadline = now + static_cast<uint64_t>(coreOptions.drainMs) * kNsPerMs;
      if (now >= deadline)
        return {liveSources, runtime.model->flows.drain()};
      next = std::min(next, deadline);
      if (liveSources > 0) {
        runtime.model->sources.interrupt();
        next = std::min(next, now + interruptNs);
        interruptNs = std::min(interruptNs * 2, kLastInterruptNs);
      }
    }
    waitForEvent(next);
  }
}

/// Whether the source is what does not return: what runs it may run a flow, which is counted as such.
bool isStuck(Source &source) {
  const auto isInFlow = runtime.model->sources.isInFlow;
  return !source.ended.load(std::memory_order_acquire) && !(isInFlow && isInFlow(source));
}

void logLeft(const Left &left) {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    if (isStuck(runtime.source(i)))
      logMessage("source '%s' did not return within %lld ms and was abandoned", runtime.source(i).description->name,
                 static_cast<long long>(coreOptions.drainMs));
  if (left.flows > 0)
    logMessage("%llu flow%s did not end within %lld ms and %s abandoned", static_cast<unsigned long long>(left.flows),
               left.flows == 1 ? "" : "s", static_cast<long long>(coreOptions.drainMs),
               left.flows == 1 ? "was" : "were");
}

/// What a process does between the program's hooks.
Served serveHere() {
  const Model &model = *runtime.model;
  if (!model.life.start())
    return {kExitFailed, true};
  beginSnapshots();
  if (!model.sources.start())
    return {kExitFailed, true};
  const Left left = superviseUntilDone();
  logLeft(left);
  const bool orderly = left.sources == 0 && left.flows == 0;
  if (orderly) {
    endSnapshots();
    model.life.stop();
  }
  return {kExitStopped, !orderly};
}

} // namespace

void sourceEnded(Source &source) {
  bump(countersOf(source).ended);
  // Release: see countLiveSources().
  source.ended.store(true, std::memory_order_release);
  wakeServer();
}

void exitBesideThreads(int status) {
  // They may hold the lock of a stream, which exit() would wait for.
  for (FILE *stream : {stdout, stderr}) {
    if (ftrylockfile(stream) != 0)
      continue;
    fflush_unlocked(stream);
    funlockfile(stream);
  }
  _exit(status);
}

int serve(const flux_ir_program_t &program, const Model &model, int argc, char **argv) {
  linkThreadExit();
  char reason[1024];
  if (!checkProgram(program, model, reason, sizeof reason)) {
    logMessage("%s", reason);
    return kExitFailed;
  }
  runtime.program = &program; // messages name it from here on
  switch (readOptions(model.name, model.options, argc, argv)) {
  case OptionsResult::Help:
    return kExitStopped;
  case OptionsResult::Error:
    return kExitUsage;
  case OptionsResult::Run:
    break;
  }
  calibrateSpinning();
  if (!initRuntime(program, model)) {
    logMessage("out of memory at the start");
    return kExitFailed;
  }
  if (!initSignals())
    return kExitFailed;
  if (int status = callInitHook(argc, argv)) {
    logMessage("flux_init returned %d", status);
    return kExitFailed;
  }
  if (!replicateSources()) {
    logMessage("out of memory at the start");
    return kExitFailed;
  }
  reportStackOverflows();
  const Served served = model.life.supervise ? model.life.supervise(serveHere) : serveHere();
  if (served.status == kExitStopped)
    callShutdownHook();
  if (served.threadsLeft)
    exitBesideThreads(served.status);
  return served.status;
}

} // namespace flux
