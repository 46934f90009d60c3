/// context.h - the runtime's side of a flow's context.
#ifndef FLUX_CORE_CONTEXT_H
#define FLUX_CORE_CONTEXT_H

#include "core/counters.h"
#include "core/locks/lock.h"
#include "flux/flux.h"

#include <atomic>
#include <stddef.h>
#include <stdint.h>

namespace flux {

struct SessionEntry;
struct Source;

/// One lock that a flow holds.
struct Held {
  SessionEntry *session; // the entry of the session table, null for a lock of the program
  int32_t index;
  flux_ir_mode mode;
  uint32_t depth; // nested acquisitions, the first included
};

/// What ends a wait.
enum class WaitsFor : uint32_t {
  Nothing,
  Constraint, // the holders of one of the program's locks; `which` is its index
  Descriptor, // one descriptor, the low half of `which`, that becomes ready for events of poll(), its high half
  Mutex,      // a mutex of the program's; `which` is its address
  Flow,       // something else that another flow or a thread does
  Room,       // a flow that ends, so that another one can begin
  Time        // time, if nothing else does
};

/// A note on what the flow of a context waits for. Written by what blocks it, where it blocks, and only there: a flow
/// that does not wait pays nothing. Read by the hang watch at any time.
class Blocked {
public:
  /// The wait begins. On the flow.
  void begin(WaitsFor what, int64_t which = 0) {
    // Relaxed, but for the count: who finds it the same before and behind the rest has read one note.
    reason.store(what, std::memory_order_relaxed);
    detail.store(which, std::memory_order_relaxed);
    waits.store(waits.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// It has ended. On the flow.
  void end() { waits.store(waits.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  /// How often waits have begun and ended: odd during one. Any thread.
  uint64_t changes() const { return waits.load(std::memory_order_acquire); }

  /// What the latest wait is for. Any thread; true only while changes() stays what it was.
  WaitsFor what() const { return reason.load(std::memory_order_relaxed); }
  int64_t which() const { return detail.load(std::memory_order_relaxed); }

private:
  std::atomic<uint64_t> waits{0};
  std::atomic<WaitsFor> reason{WaitsFor::Nothing};
  std::atomic<int64_t> detail{0};
};

/// What the hang watch has seen last of a context; its own.
struct Sighting {
  uint64_t state;    // of the flow; different after whatever it does
  uint64_t sinceNs;  // since when it has been that
  uint64_t switches; // of the thread, when the kernel was asked last
};

/// What one running flow knows. Contexts are made for whatever runs flows (a worker, a fiber) and used for one flow
/// after another. Room for every lock and, in `spares`, one session-table entry for every session lock are set aside
/// when it is made, so that taking a lock never allocates and never fails.
///
/// Behind it stands the model's part of it, the tail.
///
/// Only the flow itself touches its context, except that a lock's releaser wakes it through `waiter`, and that the hang
/// watch (hang/hang_watch.h) looks at what is atomic, or is read and written like that: `head.session`, `numHeld`, and
/// the locks' indices in `held`.
struct Context {
  flux_ir_context head; // first: generated code sees only this
  Waiter waiter;
  Counters *counters;
  bool sharesCounters; // they are not its own
  Held *held;
  uint32_t numHeld;
  bool isSources;                     // its source runs in it, no flow of that
  bool asksForStop;                   // has called flux_stopping()
  int32_t replica;                    // of a source's: which of the copies
  SessionEntry *spares;               // invariant: spares + session locks held = session locks of the program
  std::atomic<const Source *> source; // of the flow that runs, or that runs itself; null while none does
  std::atomic<int32_t> thread;        // which the flow or source blocks when it blocks; 0: none
  std::atomic<uint32_t> fiber;        // the number of that which runs the flow or source; 0: none
  std::atomic<uint64_t> startNs;      // when the flow that runs was produced
  Blocked blocked;
  flux_owned *owned;                  // what the flow owns, latest first
  int32_t failure;                    // the error of the flow that no handler took, or 0
  Context *nextOfAll, *previousOfAll; // in the list of all
  Sighting sighting;

  /// The model's part: a T, which is zero at first and no larger than Tails::context.
  template <typename T> T &tail() {
    static_assert(alignof(T) <= alignof(Context));
    return *reinterpret_cast<T *>(this + 1);
  }

  template <typename T> const T &tail() const { return const_cast<Context *>(this)->tail<T>(); }

  static Context &of(flux_ir_context *head) { return *reinterpret_cast<Context *>(head); }
  static Context &of(Waiter &waiter) {
    return *reinterpret_cast<Context *>(reinterpret_cast<char *>(&waiter) - offsetof(Context, waiter));
  }
};
static_assert(offsetof(Context, head) == 0, "generated code's context is the head of the runtime's");

/// The bytes of a context, and making one in so much memory, aligned to 64 bytes, which stays for good. It counts in
/// `counters`, which the caller owns, and is in no list. For models whose locks set nothing aside. Any thread.
size_t contextSize();
Context *placeContext(void *memory, Counters *counters);

/// Makes a context, or returns null when memory is short. It counts in `shared`, whose owner's thread runs all its
/// flows, or in a block of its own (see counters.h). Any thread.
Context *createContext(Counters *shared = nullptr);

/// Ends a context that holds no lock and gives its own counter block back. Null does nothing. Any thread.
void destroyContext(Context *context);

/// Calls `see(argument, context)` for every context that there is. None is destroyed meanwhile. Any thread.
void forEachContext(void (*see)(void *argument, Context &context), void *argument);

/// Changes how many locks the flow holds. On the flow. Release: who reads the number finds so many indices behind it.
inline void setNumHeld(Context &context, uint32_t number) {
  __atomic_store_n(&context.numHeld, number, __ATOMIC_RELEASE);
}

/// Releases everything that the flow holds, latest first. On the flow; never blocks.
void releaseAll(Context &context);

/// The context whose flow runs on this thread, or null. Models that move flows between threads keep it right.
extern constinit thread_local Context *contextOfThread;
inline Context *currentContext() { return contextOfThread; }
inline void setCurrentContext(Context *context) { contextOfThread = context; }

/// Whether the flow that the calling thread runs is in a function that is taken not to wait: by a promise, or by what
/// the compiler has found out.
bool isTakenNotToWait();

/// Blocks the flow of `waiter` until unparkFlow(); exactly one unparkFlow() answers each parkFlow(), before or after it
/// begins. On the flow. Both go to the execution model.
void parkFlow(Waiter &waiter);

/// Wakes the flow of `waiter`. Any thread; never blocks.
void unparkFlow(Waiter &waiter);

/// The note on what the flow or source that runs here waits for; null where none does.
class BlockedHere {
public:
  explicit BlockedHere(WaitsFor what, int64_t which = 0) : context(currentContext()) {
    if (context)
      context->blocked.begin(what, which);
  }
  ~BlockedHere() {
    if (context)
      context->blocked.end();
  }
  BlockedHere(const BlockedHere &) = delete;
  BlockedHere &operator=(const BlockedHere &) = delete;

private:
  Context *const context;
};

/// The time in which the flow or source that runs here, if there is one, is not on its thread: none has a context there
/// but what comes instead and sets it. `what` notes what it waits for, if it does.
class FlowAway {
public:
  explicit FlowAway(WaitsFor what, int64_t which = 0);
  ~FlowAway();
  FlowAway(const FlowAway &) = delete;
  FlowAway &operator=(const FlowAway &) = delete;

private:
  Context *const context;
  const bool waits;
};

/// Blocks the flow or source that runs here for so long; for a source, the server's stop ends it.
void pauseFlow(uint64_t ns);

} // namespace flux

#endif // FLUX_CORE_CONTEXT_H
