/// own_mask.h - the signal mask of a flow, once it has changed it, and the signals that wait behind it.
///
/// While other flows run, the thread has its own mask again. A signal for the process reaches any thread that lets it
/// through, as ever. One for the loop's thread (pthread_kill(), raise()) that a flow has blocked must not reach the
/// next flow: so it stays blocked for all as long as a flow of the thread has it blocked, and with the last of these
/// flows it goes, as with a thread that ends.
#ifndef FLUX_FIBER_OWN_MASK_H
#define FLUX_FIBER_OWN_MASK_H

#include <signal.h>
#include <stdint.h>

namespace flux {

/// Signals are bits, 1 being the first, as the kernel has them. Everything is for the flow's thread.
class OwnMask {
public:
  /// Begins with the thread's mask, which is to be the flow's own from here on.
  void begin();

  /// The flow has ended, or its mask is the thread's again. After putAway().
  void end();

  /// The flow, whose mask is its own, blocks these from here on.
  void change(uint64_t blocked);

  /// Gives the thread its own mask. False if the flow's is no different, whoever has brought that about.
  bool putAway();
  void bringBack() const;

  uint64_t signals() const { return mask; }

private:
  void set(uint64_t blocked);

  uint64_t mask; // without what is only held for other flows
};

/// What the thread has blocked for a flow whose mask is not its own.
uint64_t threadSignals();

uint64_t bitsOf(const sigset_t &set);

/// Keeps signals blocked for the thread, whoever runs, which a flow waits for: they are for it to take, and not to be
/// delivered. On the stack of the flow.
class AwaitedSignals {
public:
  explicit AwaitedSignals(uint64_t signals);
  ~AwaitedSignals();
  AwaitedSignals(const AwaitedSignals &) = delete;
  AwaitedSignals &operator=(const AwaitedSignals &) = delete;

private:
  const uint64_t signals;
};

} // namespace flux

#endif // FLUX_FIBER_OWN_MASK_H
