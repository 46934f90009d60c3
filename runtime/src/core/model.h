/// model.h - what an execution model provides to the core. This is all that the two know of each other.
///
/// A flow runs by runFlow() in a Context; the model decides on what (a thread, a fiber), when, and how many at a time.
/// To add a model: a directory under models/ that defines one constant `Model`, an entry in flux/rt/models.def, and a
/// line in runtime/CMakeLists.txt; docs/Internals.md tells it step by step.
///
/// A model is filled in by name. What has a default may be left out.
#ifndef FLUX_CORE_MODEL_H
#define FLUX_CORE_MODEL_H

#include "core/context.h"
#include "core/figures.h"
#include "core/flow.h"
#include "core/limits.h"
#include "core/locks/locks.h"
#include "core/os/os_thread.h"
#include "core/server/options.h"

namespace flux {

/// How serving has ended.
struct Served {
  int status;       // for exit()
  bool threadsLeft; // that were given up waiting for, so that nothing may be taken down under them
};

/// How much of each context and each source is the model's own, in bytes: what tail() of them returns.
struct Tails {
  size_t context = 0;
  size_t source = 0;
};

/// From before the first flow to after the last.
struct ModelLife {
  /// Makes ready to run flows and sources. Main thread, after the program's init hook. False after a logged message.
  bool (*start)();

  /// Ends what start() began. Main thread, only when no flow is in flight.
  void (*stop)();

  /// Calls `serve`, which does all that stands between start() and stop(), in processes of its own, and returns when
  /// they have ended. Null: the server is one process. Main thread, between the program's hooks.
  Served (*supervise)(Served (*serve)()) = nullptr;

  /// Returns how many these are. Null: one. From the init hook on.
  uint64_t (*processes)() = nullptr;

  /// Calls `see(argument, context)` for the contexts of all flows and sources. Null: forEachContext() does. Main
  /// thread.
  void (*forEachContext)(void (*see)(void *argument, Context &context), void *argument) = nullptr;
};

/// The sources, runtime.source().
struct ModelSources {
  /// Runs every source by runSource() and calls sourceEnded() after each. Does not wait for them. False after a logged
  /// message.
  bool (*start)();

  /// Makes system calls that sources are blocked in return with EINTR. Main thread; called again and again until all
  /// sources have ended, since a source may be just about to make its call.
  void (*interrupt)();

  /// Returns how many of each source it can run at once, in threads that do not share it, when the program allows that
  /// (flux_replicate): there are so many of each then. Null: one. From the init hook on.
  uint64_t (*copies)() = nullptr;

  /// Whether what has been called to run the source runs a flow, so that not the source keeps it. Null: it never does.
  /// Main thread.
  bool (*isInFlow)(Source &source) = nullptr;
};

/// The flows, and where they block.
struct ModelFlows {
  /// Runs `flow`, which passes to the model, now or later. From runSource(); blocks while the model has as much to do
  /// as it is allowed to. Never fails: what has been produced is run.
  void (*submit)(Flow *flow);

  /// Returns how many flows are in flight. Main thread, after all sources have ended or been given up. From the first
  /// call on, the model calls wakeServer() when the number becomes 0.
  uint64_t (*drain)();

  /// Blocks the flow of `context` until unpark(); one unpark() per park(), which may come first. On the flow. Null, as
  /// unpark, where the model's locks do not park flows.
  void (*park)(Context &context) = nullptr;

  /// Any thread; never blocks.
  void (*unpark)(Context &context) = nullptr;

  /// Blocks the flow or source of `context` for so long; for a source, interrupt() ends it. On the flow or source.
  /// Null: its thread is blocked.
  void (*pause)(Context &context, uint64_t ns) = nullptr;

  /// Returns the stack of the flow or source of `context`, if that has one beside its thread's. Any thread, also a
  /// signal handler. Null: none has.
  OwnStack (*stackOf)(const Context &context) = nullptr;

  /// Runs `node`, one that the compiler leaves to the model, as flux_ir_run says, and returns what it returns. On the
  /// flow, or on a source. Null where such a node is called like any other.
  int32_t (*run)(Context &context, int32_t node, flux_ir_call call, void *in, void *out) = nullptr;
};

struct Model {
  const char *name;
  uint32_t bit; // a flux_ir_model
  Options options;
  const Locks *locks; // what constraints are made of
  Tails tails = {};
  ModelLife life;
  ModelSources sources;
  ModelFlows flows;

  /// Offers what the model itself counts. Null: nothing. Any thread between start() and stop(), or while supervise()
  /// runs; waits for no flow.
  void (*offer)(Figures &figures) = nullptr;

  /// Offers what there is only so much of, always the same in the same order. Null: nothing. Main thread.
  void (*offerLimits)(Limits &limits) = nullptr;
};

} // namespace flux

#endif // FLUX_CORE_MODEL_H
