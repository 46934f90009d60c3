#include "core/os/os_thread.h"

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

} // namespace flux
