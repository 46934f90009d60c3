/// promise.h - nodes that are declared `nonblocking`, and wait all the same.
///
/// The compiler relies on the promise: it leaves out constraints that no flow can park under. Models that know when a
/// node waits, those with event loops, hold nodes to it.
#ifndef FLUX_CORE_PROMISE_H
#define FLUX_CORE_PROMISE_H

#include <stdint.h>

namespace flux {

/// Whether the flow that the calling thread runs is in a node that is declared nonblocking. Any thread; never blocks.
bool hasPromised();

/// Says that such a node is about to wait in `call`: counts it, writes a line to the log for the node's first time, and
/// ends the process if the object was compiled for debugging. On the flow.
void breakPromise(const char *call);

/// Whether constraints may be missing that the program would need if such a node let other flows run.
bool reliesOnPromises();

/// How often a function of the program has broken its promise. Any thread.
uint64_t brokenPromises(uint64_t function);

} // namespace flux

#endif // FLUX_CORE_PROMISE_H
