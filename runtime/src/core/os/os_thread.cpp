#include "core/os/os_thread.h"

#include <atomic>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

namespace flux {

int64_t threadStackSize = 0;
const CpuSet *threadCpus = nullptr;

namespace {

/// A figure, which orders nothing.
std::atomic<uint64_t> numThreads{0};

/// What a thread begins with.
struct Start {
  void *(*body)(void *);
  void *argument;
};

thread_local OwnStack ownStack;

/// Room for a signal's frame, wide registers included, and for what a handler calls, the unwinder above all.
constexpr size_t kSignalStack = size_t{64} * 1024;

void noteStack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return;
  void *lowest;
  size_t size;
  if (pthread_attr_getstack(&attributes, &lowest, &size) == 0)
    ownStack = {lowest, size > kSignalStack ? size - kSignalStack : 0};
  pthread_attr_destroy(&attributes);
}

/// Runs the thread's body with a signal stack at the bottom of its own stack, unless a sanitizer has given it one. It
/// does not belong to libc's part of the thread, so nobody has to give it back.
__attribute__((noinline)) void *runBesideSignalStack(const Start &start) {
  char memory[kSignalStack];
  stack_t own = {};
  own.ss_sp = memory;
  own.ss_size = kSignalStack;
  stack_t present;
  const bool isNeeded = sigaltstack(nullptr, &present) == 0 && (present.ss_flags & SS_DISABLE);
  if (!isNeeded || sigaltstack(&own, nullptr) != 0)
    return start.body(start.argument);
  void *result = start.body(start.argument);
  stack_t none = {};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  return result;
}

void *run(void *argument) {
  const Start start = *static_cast<Start *>(argument);
  free(argument);
  noteStack();
  void *result = runBesideSignalStack(start);
  numThreads.fetch_sub(1, std::memory_order_relaxed);
  return result;
}

int create(pthread_t &thread, const pthread_attr_t &attributes, Start start) {
  auto *passed = static_cast<Start *>(malloc(sizeof(Start)));
  if (!passed)
    return ENOMEM;
  *passed = start;
  numThreads.fetch_add(1, std::memory_order_relaxed);
  const int error = pthread_create(&thread, &attributes, run, passed);
  if (error != 0) {
    numThreads.fetch_sub(1, std::memory_order_relaxed);
    free(passed);
  }
  return error;
}

} // namespace

pid_t threadId() {
  static thread_local const pid_t self = gettid();
  return self;
}

const OwnStack &threadStack() { return ownStack; }

uint64_t numRuntimeThreads() { return numThreads.load(std::memory_order_relaxed); }

int startThread(pthread_t &thread, void *(*body)(void *), void *argument, const CpuSet *cpus) {
  pthread_attr_t attributes;
  if (int error = pthread_attr_init(&attributes))
    return error;
  int error = 0;
  if (threadStackSize > 0) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const auto least = static_cast<size_t>(sysconf(_SC_THREAD_STACK_MIN));
    size_t size = (static_cast<size_t>(threadStackSize) + page - 1) / page * page;
    error = pthread_attr_setstacksize(&attributes, (size < least ? least : size) + kSignalStack);
  }
  if (!cpus)
    cpus = threadCpus;
  if (error == 0 && cpus)
    error = pthread_attr_setaffinity_np(&attributes, cpus->size, cpus->cpus);
  if (error == 0)
    error = create(thread, attributes, {body, argument});
  pthread_attr_destroy(&attributes);
  return error;
}

} // namespace flux
