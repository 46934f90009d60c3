#include "core/thread_exit.h"

#include "core/context.h"
#include "core/functions.h"
#include "core/log.h"
#include "core/os/real.h"

#include <pthread.h>
#include <stdlib.h>

/// A thread that ends inside a flow leaves its constraints held for ever, and on models whose threads run one flow
/// after the other all that comes later unserved. Ending only the flow would leave what the node has begun half done,
/// with no error that a handler could take. So the process ends, with the reason; where there are several, their
/// supervisor replaces it and frees what it held. Threads that run no flow end as they always did.
extern "C" __attribute__((visibility("default"))) void pthread_exit(void *result) {
  if (const flux::Context *context = flux::currentContext()) {
    if (const flux_ir_function *function = flux::findFunction(context->head.node))
      flux::logMessage("%s '%s' (%s:%u) calls pthread_exit(), which would end a thread of the server; it has to return",
                       flux::kindName(*function), function->name, function->file, function->line);
    else
      flux::logMessage(
          "a source, predicate or handler calls pthread_exit(), which would end a thread of the server; it "
          "has to return");
    abort();
  }
  flux::real::exitThread(result);
}

namespace flux {

void linkThreadExit() {}

} // namespace flux
