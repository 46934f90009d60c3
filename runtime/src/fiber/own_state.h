/// own_state.h - what a flow has of a thread's state for itself, beside what every switch moves along (fiber.h): its
/// signal mask and its locale, once it has changed them, and the values of its keys. What a thread of a pool keeps from
/// one flow to the next of that, a fiber keeps: the values. Mask and locale are the loop's again for the next flow.
#ifndef FLUX_FIBER_OWN_STATE_H
#define FLUX_FIBER_OWN_STATE_H

#include "fiber/own_mask.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

namespace flux {

/// A value that a flow has set, of the key as it was created last.
struct Specific {
  void *value;
  uint32_t generation;
};

/// How many keys there are (PTHREAD_KEYS_MAX), in pages that are there once one of their values is set.
constexpr unsigned kSpecificsOfPage = 256;
constexpr unsigned kSpecificPages = 4;

class OwnState {
public:
  /// uselocale() and pthread_sigmask() of a flow.
  locale_t useLocale(locale_t wanted);
  int changeMask(int how, const sigset_t *set, sigset_t *old);

  /// Where strtok() of a flow has got to.
  char *&token() { return restOfTokens; }

  /// Those of `signals` that the flow has blocked and its thread has not.
  uint64_t blockedOf(uint64_t signals) const {
    return changed & kMask ? signals & mask.signals() & ~threadSignals() : 0;
  }

  /// Gives the thread its own state, for another fiber to run; takes the flow's again. Where `changed` is 0, as it
  /// nearly always is, there is nothing to do.
  void putAway();
  void bringBack();

  /// The flow has ended, on its thread. Likewise.
  void reset() {
    putAway();
    if (changed & kMask)
      mask.end();
    changed = 0;
  }

  /// pthread_getspecific() and pthread_setspecific() of a flow, for a key of the program.
  void *specific(pthread_key_t key) const;
  int setSpecific(pthread_key_t key, const void *value);

  /// Destroys the values as the end of a thread does. The fiber does not run.
  void destroySpecifics();

  /// The state whose values are being destroyed on this thread, or null: keys that destructors ask for are its own.
  static OwnState *ending();

private:
  enum : uint8_t { kMask = 1, kLocale = 2 };
  void destroySpecific(pthread_key_t key, bool &again);

public: // for those who make switches; written here alone
  /// Which of the following are the flow's, and what of the thread's stands for them elsewhere.
  uint8_t changed = 0;
  OwnMask mask;
  locale_t locale, threadLocale;
  char *restOfTokens = nullptr;
  Specific *specifics[kSpecificPages] = {};
};

/// Whether the key exists and is the program's. A sanitizer's, which is made before anything of the program runs, is
/// the thread's in flows, too.
bool isKeyOfProgram(pthread_key_t key);

/// A key has been created; what destroys its values, or null.
void noteKey(pthread_key_t key, void (*destroy)(void *));

/// A key is about to be deleted.
void forgetKey(pthread_key_t key);

} // namespace flux

#endif // FLUX_FIBER_OWN_STATE_H
