/// shared_memory.h - what the processes of one server have in common: locks, counters, and what each worker tells.
#ifndef FLUX_MODELS_PROCESS_SHARED_MEMORY_H
#define FLUX_MODELS_PROCESS_SHARED_MEMORY_H

#include "core/context.h"
#include "core/server/signals.h"
#include "models/process/shared_lock.h"

namespace flux {

/// How far a worker has come. Each process that runs as the worker begins again.
enum class Progress : uint32_t {
  Starting, // it may still find that it lacks something
  Serving,
  Finished // its sources have ended, or it has given up waiting for them as the server stops
};

/// What a snapshot shows of workers. The supervisor's, for all to read.
struct WorkerCounts {
  uint64_t running, finished, replaced;
};

/// One mapping, made before the workers are forked and never given back. Workers have numbers from 0; one that takes
/// the place of a dead one has its number, its places in the locks, and goes on with its counters.
class SharedMemory {
public:
  /// Maps what `runtime.program` needs with so many workers. False after a logged message. Main thread, once, before
  /// the first fork.
  bool create(uint32_t numWorkers);

  /// The flags that signals set, in whichever process they arrive.
  SignalFlags &signals() { return *flags; }

  WorkerCounts &workers() { return *counts; }

  std::atomic<Progress> &progress(uint32_t worker) { return progresses[worker]; }

  /// The block for the worker's source and its flows, which has one thread.
  Counters *counters(uint32_t worker, uint64_t source) { return blocks[place(worker, source)]; }

  /// Memory for the contexts of a worker's source and of its flows: in it the supervisor sees what they do.
  void *sourceContext(uint32_t worker, uint64_t source) { return contexts + 2 * place(worker, source) * contextSize(); }
  void *flowContext(uint32_t worker, uint64_t source) {
    return static_cast<char *>(sourceContext(worker, source)) + contextSize();
  }

  /// Where the flows of a worker's source stand in each lock: one place, since one of them runs at a time. The places
  /// of a worker are neighbours.
  uint32_t place(uint32_t worker, uint64_t source) const { return worker * placesPerWorker() + uint32_t(source); }
  uint32_t placesPerWorker() const;

  SharedLock &lock(uint64_t index) { return *locks[index]; }

private:
  bool layOut(char *memory, uint32_t numWorkers);

  SignalFlags *flags = nullptr;
  WorkerCounts *counts = nullptr;
  std::atomic<Progress> *progresses = nullptr;
  Counters **blocks = nullptr;
  char *contexts = nullptr;
  SharedLock **locks = nullptr;
};

extern SharedMemory shared;

} // namespace flux

#endif // FLUX_MODELS_PROCESS_SHARED_MEMORY_H
