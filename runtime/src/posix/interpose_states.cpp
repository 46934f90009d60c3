/// interpose_states.cpp - calls that ask for or change what a thread keeps for itself: in a flow they mean the flow.
#include "core/os/real.h"
#include "fiber/scheduler.h"
#include "posix/blocking.h"
#include "posix/interpose.h"

#include <string.h>
#include <threads.h>

namespace flux {

void linkStates() {}

namespace {

/// What the calling thread runs a flow on, or null.
OwnState *ownState() {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? &scheduler->fiber().own : nullptr;
}

/// Whose value of a key is meant, or null if it is the thread's.
OwnState *ownerOf(pthread_key_t key) {
  if (!isKeyOfProgram(key))
    return nullptr;
  OwnState *ending = OwnState::ending();
  return ending ? ending : ownState();
}

} // namespace
} // namespace flux

using namespace flux;

locale_t uselocale(locale_t wanted) noexcept {
  OwnState *own = ownState();
  return own ? own->useLocale(wanted) : real::uselocale(wanted);
}

int pthread_sigmask(int how, const sigset_t *__restrict set, sigset_t *__restrict old) noexcept {
  OwnState *own = ownState();
  return own ? own->changeMask(how, set, old) : real::pthread_sigmask(how, set, old);
}

int sigprocmask(int how, const sigset_t *__restrict set, sigset_t *__restrict old) noexcept {
  return asErrno(pthread_sigmask(how, set, old));
}

int pthread_key_create(pthread_key_t *key, void (*destroy)(void *)) noexcept {
  const int error = real::pthread_key_create(key, destroy);
  if (error == 0)
    noteKey(*key, destroy);
  return error;
}

int pthread_key_delete(pthread_key_t key) noexcept {
  forgetKey(key);
  return real::pthread_key_delete(key);
}

void *pthread_getspecific(pthread_key_t key) noexcept {
  const OwnState *own = ownerOf(key);
  return own ? own->specific(key) : real::pthread_getspecific(key);
}

int pthread_setspecific(pthread_key_t key, const void *value) noexcept {
  OwnState *own = ownerOf(key);
  return own ? own->setSpecific(key, value) : real::pthread_setspecific(key, value);
}

char *strtok(char *__restrict text, const char *__restrict separators) noexcept {
  OwnState *own = ownState();
  return own ? strtok_r(text, separators, &own->token()) : real::strtok(text, separators);
}

int tss_create(tss_t *key, tss_dtor_t destroy) {
  return pthread_key_create(key, destroy) == 0 ? thrd_success : thrd_error;
}

void tss_delete(tss_t key) { pthread_key_delete(key); }

void *tss_get(tss_t key) { return pthread_getspecific(key); }

int tss_set(tss_t key, void *value) { return pthread_setspecific(key, value) == 0 ? thrd_success : thrd_error; }
