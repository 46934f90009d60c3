/// flow.h - flows on their way from a source to whatever runs them.
#ifndef FLUX_CORE_FLOW_H
#define FLUX_CORE_FLOW_H

#include "core/context.h"
#include "flux/rt/program.h"

#include <atomic>

namespace flux {

struct Source;

/// A flow that has been produced: a record with the target's input behind it. Its source takes it from a freelist, the
/// model passes it on (it may use `next` while it owns the record), and runFlow() gives it back.
struct Flow {
  Flow *next;
  Source *source;
  int64_t session;   // 0 where the source names none
  uint64_t startNs;  // when it was produced
  flux_owned *owned; // what its source has given it

  inline void *input();
};

/// A source while the server runs, or one of the copies that a model runs of it (runtime.h). Fields without another
/// word belong to what runs the source; no two sources share a cache line. Behind it stands the model's part of it,
/// the tail.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): `returned` has a line of its own.
struct alignas(64) Source {
  const flux_ir_source *description;
  Context *context; // a source may be a flow itself, and hold locks
  size_t inputOffset;
  size_t recordAlign;
  size_t recordSize;
  uint64_t number;                          // of the description, in the program
  bool isReplicated;                        // there are copies of it, if the model runs any
  Flow *ready;                              // records to use next
  std::atomic<bool> ended;                  // set by what runs it, read by the server
  alignas(64) std::atomic<Flow *> returned; // records given back, by anybody

  /// The model's part: a T, which is zero at first and no larger than Tails::source.
  template <typename T> T &tail() {
    static_assert(alignof(T) <= alignof(Source));
    return *reinterpret_cast<T *>(this + 1);
  }
};

/// What is counted of `source`, in the block of its context. For whoever runs the source.
SourceCounters &countersOf(Source &source);

inline void *Flow::input() { return reinterpret_cast<char *>(this) + source->inputOffset; }

/// Makes `source` ready to run `description`. False when memory is short.
bool initSource(Source &source, const flux_ir_source &description);

/// Polls the source until it ends or the server stops (a source that asks flux_stopping() may take its time: see
/// there), and submits a flow for every success. Blocks where the source, one of its locks or the model's back-pressure
/// blocks.
///
/// A source that fails quickly time after time (out of descriptors, say) is called more and more rarely: after 64
/// failures in a row that took less than a millisecond each, it rests 1 ms before the next call, then 2, up to 100.
/// The first success, or a call that takes longer, ends that.
void runSource(Source &source);

/// Runs one flow to its end, on the calling thread in `context`, and gives its record back.
void runFlow(Context &context, Flow *flow);

/// The same on the thread that runs the flow's source, which needs no atomic operation to give the record back.
void runFlowAtHome(Context &context, Flow *flow);

} // namespace flux

#endif // FLUX_CORE_FLOW_H
