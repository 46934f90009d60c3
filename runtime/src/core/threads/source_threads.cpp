#include "core/threads/source_threads.h"

#include "core/log.h"
#include "core/os/clock.h"
#include "core/os/os_thread.h"
#include "core/runtime.h"
#include "core/server/server.h"

#include <new>
#include <string.h>

namespace flux {

namespace {

SourceThread &threadOf(Source &source) { return source.tail<SourceThread>(); }

void *sourceThread(void *argument) {
  auto &source = *static_cast<Source *>(argument);
  countInterrupts(threadOf(source).interrupts);
  blocksThisThread(*source.context);
  runSource(source);
  sourceEnded(source);
  return nullptr;
}

void interruptSource(SourceThread &thread) {
  InterruptCount &count = thread.interrupts;
  MutexLock guard(thread.mutex);
  // Relaxed: one that is still on its way is as good as another, and is not counted twice.
  const uint32_t sent = count.sent.load(std::memory_order_relaxed);
  if (thread.inFlow || count.arrived.load(std::memory_order_relaxed) != sent)
    return;
  count.sent.store(sent + 1, std::memory_order_relaxed);
  pthread_kill(thread.thread, kInterruptSignal);
}

/// Whether the signal that interrupts sources can arrive at this thread: the source may have blocked it.
bool takesInterrupts() {
  sigset_t blocked;
  return pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0 && !sigismember(&blocked, kInterruptSignal);
}

void setInFlow(SourceThread &thread, bool inFlow) {
  MutexLock guard(thread.mutex);
  thread.inFlow = inFlow;
}

} // namespace

bool startSourceThreads() {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    new (&threadOf(runtime.source(i))) SourceThread();
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    Source &source = runtime.source(i);
    if (int error = startThread(threadOf(source).thread, sourceThread, &source)) {
      logMessage("cannot start a thread for source '%s': %s", source.description->name, strerror(error));
      return false;
    }
  }
  return true;
}

void interruptSourceThreads() {
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    Source &source = runtime.source(i);
    // Acquire: pairs with sourceEnded(). A thread that ends just now has not been joined, so its id stays valid.
    if (!source.ended.load(std::memory_order_acquire))
      interruptSource(threadOf(source));
  }
}

void runInSourceThread(Flow *flow, Context &context) {
  Source &source = *flow->source;
  SourceThread &thread = threadOf(source);
  const InterruptCount &count = thread.interrupts;
  setInFlow(thread, true);
  // A signal that was sent before that may not have arrived, and must not end a system call of the flow. Nearly always
  // there is none; this is for the moment of a shutdown. One that the thread has blocked ends no system call either.
  while (count.arrived.load(std::memory_order_relaxed) != count.sent.load(std::memory_order_relaxed) &&
         takesInterrupts())
    sleepNs(10000);
  blocksThisThread(context);
  source.context->source.store(nullptr, std::memory_order_relaxed);
  runFlow(context, flow);
  source.context->source.store(&source, std::memory_order_relaxed);
  setCurrentContext(source.context);
  setInFlow(thread, false);
}

bool isInFlow(Source &source) {
  SourceThread &thread = threadOf(source);
  MutexLock guard(thread.mutex);
  return thread.inFlow;
}

void joinSourceThreads() {
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    Source &source = runtime.source(i);
    SourceThread &thread = threadOf(source);
    // Acquire: pairs with sourceEnded(), behind which the thread does nothing but return.
    if (thread.joined || !source.ended.load(std::memory_order_acquire))
      continue;
    pthread_join(thread.thread, nullptr);
    thread.joined = true;
  }
}

uint64_t drainSourceThreads() {
  joinSourceThreads();
  uint64_t inFlight = 0;
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    inFlight += isInFlow(runtime.source(i));
  return inFlight;
}

void blocksThisThread(Context &context) { context.thread.store(threadId(), std::memory_order_relaxed); }

void parkThread(Context &context) { context.tail<Parker>().park(); }
void unparkThread(Context &context) { context.tail<Parker>().unpark(); }

} // namespace flux
