/// supervisor.h - the parent of the workers: starts, stops and replaces them, and runs nothing of the program
/// meanwhile.
#ifndef FLUX_MODELS_PROCESS_SUPERVISOR_H
#define FLUX_MODELS_PROCESS_SUPERVISOR_H

#include "core/model.h"

namespace flux {

struct SupervisorOptions {
  int64_t workers = 16;
  int64_t longestWaitMs = 10000;
};
extern SupervisorOptions supervisorOptions;

/// ModelLife::supervise: runs `serve` in every worker until all of them have finished or the server has stopped.
///
///   a worker              the supervisor
///   has finished          leaves it at that; when all have, the server ends
///   is killed, crashes    takes its locks from it and starts another, at once if it has lived for a second; else it
///                         waits for 100 ms, 200, 400 ... up to --flux-restart-ms
///   calls exit(status)    stops the server, whose status it becomes: that is what exit() means in other models
///   cannot start          as with a crash; but if none of the first can, the server ends with status 1
Served supervise(Served (*serve)());

/// The number of the worker that the calling process is.
uint32_t workerNumber();

/// ModelLife::forEachContext.
void forEachContextOfWorkers(void (*see)(void *argument, Context &context), void *argument);

/// Model::offer.
void offerWorkers(Figures &figures);

} // namespace flux

#endif // FLUX_MODELS_PROCESS_SUPERVISOR_H
