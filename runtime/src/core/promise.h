/// promise.h - functions that are taken not to wait, and do all the same.
///
/// The compiler leaves out constraints that no flow can park under. It relies on promises, of nodes that are declared
/// `nonblocking`, and on what it found out itself: nodes, predicates and handlers that are guarded. Models that know
/// when a flow waits, those with event loops, see to it that such constraints hold even so.
#ifndef FLUX_CORE_PROMISE_H
#define FLUX_CORE_PROMISE_H

#include <stdint.h>

namespace flux {

/// Whether the flow that the calling thread runs is in a function that is taken not to wait. Any thread; never blocks.
bool isTakenNotToWait();

/// Says that such a function is about to wait in `call`: counts it, writes a line to the log for the function's first
/// time, and ends the process if a promise is broken in an object that was compiled for debugging. On the flow.
void reportWait(const char *call);

/// Whether constraints may be missing that the program would need if that function let other flows run. On the flow.
bool isReliedOn();

/// How often a function of the program has waited that was taken not to. Any thread.
uint64_t unexpectedWaits(uint64_t function);

} // namespace flux

#endif // FLUX_CORE_PROMISE_H
