#include "models/process/shared_memory.h"

#include "core/log.h"
#include "core/os/cache_line.h"
#include "core/runtime.h"

#include <errno.h>
#include <new>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

namespace flux {

SharedMemory shared;

uint32_t SharedMemory::placesPerWorker() const { return static_cast<uint32_t>(runtime.program->num_sources); }

bool SharedMemory::create(uint32_t numWorkers) {
  const flux_ir_program_t &program = *runtime.program;
  const uint64_t numPlaces = uint64_t(numWorkers) * placesPerWorker();
  const size_t size = roundUp(sizeof(SignalFlags)) + roundUp(sizeof(WorkerCounts)) +
                      roundUp(numWorkers * sizeof(*progresses)) + numPlaces * (countersSize() + 2 * contextSize()) +
                      program.num_locks * SharedLock::size(static_cast<uint32_t>(numPlaces));
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  // One more, so that neither array is empty.
  blocks = static_cast<Counters **>(calloc(numPlaces + 1, sizeof *blocks));
  locks = static_cast<SharedLock **>(calloc(program.num_locks + 1, sizeof *locks));
  if (memory == MAP_FAILED || !blocks || !locks) {
    logMessage("cannot share %zu bytes of memory between %u workers: %s; lower --flux-workers", size, numWorkers,
               strerror(errno));
    return false;
  }
  return layOut(static_cast<char *>(memory), numWorkers);
}

bool SharedMemory::layOut(char *memory, uint32_t numWorkers) {
  const uint32_t numPlaces = numWorkers * placesPerWorker();
  flags = new (memory) SignalFlags();
  memory += roundUp(sizeof(SignalFlags));
  counts = new (memory) WorkerCounts();
  memory += roundUp(sizeof(WorkerCounts));
  progresses = reinterpret_cast<std::atomic<Progress> *>(memory);
  memory += roundUp(numWorkers * sizeof(*progresses));
  for (uint32_t i = 0; i < numPlaces; ++i, memory += countersSize())
    blocks[i] = placeCounters(memory);
  contexts = memory;
  memory += 2 * numPlaces * contextSize();
  for (uint64_t i = 0; i < runtime.program->num_locks; ++i, memory += SharedLock::size(numPlaces)) {
    locks[i] = SharedLock::create(memory, numPlaces);
    if (!locks[i]) {
      logMessage("the system has no mutexes that survive the death of a process");
      return false;
    }
  }
  return true;
}

} // namespace flux
