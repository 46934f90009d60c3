/// server.h - the life of a server, from main() to its exit status.
#ifndef FLUX_CORE_SERVER_SERVER_H
#define FLUX_CORE_SERVER_SERVER_H

#include "core/model.h"

namespace flux {

/// Exit statuses of a server.
enum : int { kExitStopped = 0, kExitFailed = 1, kExitUsage = 2 };

/// Serves `program` on `model` until its sources have ended or it is told to stop, and all flows have drained. Returns
/// the exit status: 0; 1 if it could not start; 2 for bad options. Main thread, once per process.
int serve(const flux_ir_program_t &program, const Model &model, int argc, char **argv);

/// Ends the process while other threads may still run and use what exit() would destroy. Main thread.
[[noreturn]] void exitBesideThreads(int status);

/// Tells the server that nobody runs `source` any more. Whoever ran it; the last thing done with it.
void sourceEnded(Source &source);

} // namespace flux

#endif // FLUX_CORE_SERVER_SERVER_H
