#include "core/os/os_thread.h"

#include "core/log.h"
#include "core/runtime.h"
#include "core/server/server.h"
#include "core/server/signals.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

namespace flux {

int64_t threadStackSize = 0;
const CpuSet *threadCpus = nullptr;

int startThread(pthread_t &thread, void *(*body)(void *), void *argument, const CpuSet *cpus) {
  pthread_attr_t attributes;
  if (int error = pthread_attr_init(&attributes))
    return error;
  int error = 0;
  if (threadStackSize > 0) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const auto least = static_cast<size_t>(sysconf(_SC_THREAD_STACK_MIN));
    size_t size = (static_cast<size_t>(threadStackSize) + page - 1) / page * page;
    error = pthread_attr_setstacksize(&attributes, size < least ? least : size);
  }
  if (!cpus)
    cpus = threadCpus;
  if (error == 0 && cpus)
    error = pthread_attr_setaffinity_np(&attributes, cpus->size, cpus->cpus);
  if (error == 0)
    error = pthread_create(&thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

static void *sourceThread(void *argument) {
  auto &source = *static_cast<Source *>(argument);
  countInterrupts(source.interrupts);
  runSource(source);
  sourceEnded(source);
  return nullptr;
}

bool startSourceThreads() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    Source &source = runtime.sources[i];
    if (int error = startThread(source.thread, sourceThread, &source)) {
      logMessage("cannot start a thread for source '%s': %s", source.description->name, strerror(error));
      return false;
    }
  }
  return true;
}

static void interruptSource(Source &source) {
  InterruptCount &count = source.interrupts;
  MutexLock guard(source.mutex);
  // Relaxed: one that is still on its way is as good as another, and is not counted twice.
  const uint32_t sent = count.sent.load(std::memory_order_relaxed);
  if (source.inFlow || count.arrived.load(std::memory_order_relaxed) != sent)
    return;
  count.sent.store(sent + 1, std::memory_order_relaxed);
  pthread_kill(source.thread, kInterruptSignal);
}

void interruptSourceThreads() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    Source &source = runtime.sources[i];
    // Acquire: pairs with sourceEnded(). A thread that ends just now has not been joined, so its id stays valid.
    if (!source.ended.load(std::memory_order_acquire))
      interruptSource(source);
  }
}

/// Whether the signal that interrupts sources can arrive at this thread: the source may have blocked it.
static bool takesInterrupts() {
  sigset_t blocked;
  return pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0 && !sigismember(&blocked, kInterruptSignal);
}

static void setInFlow(Source &source, bool inFlow) {
  MutexLock guard(source.mutex);
  source.inFlow = inFlow;
}

void runInSourceThread(Flow *flow, Context &context) {
  Source &source = *flow->source;
  InterruptCount &count = source.interrupts;
  setInFlow(source, true);
  // A signal that was sent before that may not have arrived, and must not end a system call of the flow. Nearly always
  // there is none; this is for the moment of a shutdown. One that the thread has blocked ends no system call either.
  while (count.arrived.load(std::memory_order_relaxed) != count.sent.load(std::memory_order_relaxed) &&
         takesInterrupts())
    usleep(10);
  runFlow(context, flow);
  setCurrentContext(source.context);
  setInFlow(source, false);
}

bool isInFlow(Source &source) {
  MutexLock guard(source.mutex);
  return source.inFlow;
}

void joinSourceThreads() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    Source &source = runtime.sources[i];
    // Acquire: pairs with sourceEnded(), behind which the thread does nothing but return.
    if (source.joined || !source.ended.load(std::memory_order_acquire))
      continue;
    pthread_join(source.thread, nullptr);
    source.joined = true;
  }
}

void parkThread(Context &context) { context.parker.park(); }
void unparkThread(Context &context) { context.parker.unpark(); }

} // namespace flux
