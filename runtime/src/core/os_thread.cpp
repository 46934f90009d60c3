#include "core/os_thread.h"

#include "core/log.h"
#include "core/runtime.h"
#include "core/server.h"
#include "core/signals.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

namespace flux {

int64_t threadStackSize = 0;

int startThread(pthread_t &thread, void *(*body)(void *), void *argument) {
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
  if (error == 0)
    error = pthread_create(&thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

static void *sourceThread(void *argument) {
  auto &source = *static_cast<Source *>(argument);
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

void interruptSourceThreads() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    Source &source = runtime.sources[i];
    // Acquire: pairs with sourceEnded(). A thread that ends just now has not been joined, so its id stays valid.
    if (!source.ended.load(std::memory_order_acquire))
      pthread_kill(source.thread, kInterruptSignal);
  }
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
