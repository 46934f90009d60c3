#include "check.h"
#include "exceptions-caught.flux.h"

#include <stdexcept>
#include <stdlib.h>
#include <string>

// What becomes of a flow: its number modulo kKinds.
enum { kFirst, kPredicate, kSecond, kHandler, kSlow, kSession, kSource, kNothing, kKinds };
static int flows;
SHARED({
  int next, ended[kKinds], untaken;
  int users; // the constraint protects it
});

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  flows = atoi(argv[1]);
  return flows % kKinds;
}

template <typename E = std::runtime_error> static void throwIf(bool condition, const char *where, int n) {
  if (condition)
    throw E(std::string(where) + " of " + std::to_string(n));
}

// Counts who is under the constraint, exceptions or not.
struct User {
  User() { CHECK(++shared->users == 1); }
  ~User() { --shared->users; }
};

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  throwIf(out->n < flows && out->n % kKinds == kSource, "source", out->n);
  return out->n < flows ? 0 : FLUX_STOP;
}

int64_t SessionOf(Main_in *in) {
  if (in->n % kKinds == kSession)
    ADD(shared->ended[kSession], 1);
  throwIf(in->n % kKinds == kSession, "session", in->n);
  return in->n % 3;
}

int First(First_in *in, First_out *out) {
  User user;
  out->n = in->n;
  throwIf(in->n % kKinds == kFirst, "first", in->n);
  return 0;
}

bool IsEven(int n) {
  throwIf<std::out_of_range>(n % kKinds == kPredicate, "predicate", n);
  return n % 2 == 0;
}

int Second(Second_in *in, Second_out *out) {
  out->n = in->n;
  if (in->n % kKinds == kSecond) {
    ADD(shared->ended[kSecond], 1);
    throw in->n;
  }
  return 0;
}

// What a flow owns whose handler throws ends with the error that is left.
static void endUntaken(flux_owned *owned, int error) {
  CHECK(error == 9);
  ADD(shared->untaken, 1);
  delete owned;
}

int Third(Third_in *in, Third_out *out) {
  User user;
  out->n = in->n;
  if (in->n % kKinds != kHandler)
    return 0;
  CHECK(flux_own(new flux_owned{endUntaken, nullptr}) == 0);
  return 9;
}

int Slow(Slow_in *in, Slow_out *out) {
  out->n = in->n;
  throwIf(in->n % kKinds == kSlow, "slow", in->n);
  return 0;
}

// What a flow owns: of two, one ends by an exception, and the other one ends all the same.
struct Owned {
  flux_owned inVain, well;
};

static void endInVain(flux_owned *, int) { throwIf(true, "end", kNothing); }

static void endWell(flux_owned *owned, int error) {
  CHECK(error == 0);
  ADD(shared->ended[kNothing], 1);
  delete reinterpret_cast<Owned *>(reinterpret_cast<char *>(owned) - offsetof(Owned, well));
}

int Last(Last_in *in) {
  CHECK(in->n % kKinds == kNothing);
  auto *owned = new Owned{{endInVain, nullptr}, {endWell, nullptr}};
  CHECK(flux_own(&owned->well) == 0 && flux_own(&owned->inVain) == 0);
  return 0;
}

// Notes that a flow of this kind has ended by an exception.
static void note(int n, int kind, int error) {
  CHECK(n % kKinds == kind && error == FLUX_E_EXCEPTION);
  ADD(shared->ended[kind], 1);
}

void Lost(int error) { note(kSource, kSource, error); }

void TookFirst(First_in *in, int error) {
  User user;
  note(in->n, kFirst, error);
}

void TookChoose(Choose_in *in, int error) { note(in->n, kPredicate, error); }

void TookThird(Third_in *in, int error) {
  User user;
  CHECK(in->n % kKinds == kHandler && error == 9);
  ADD(shared->ended[kHandler], 1);
  throwIf<std::logic_error>(true, "handler", in->n);
}

void TookSlow(Slow_in *in, int error) { note(in->n, kSlow, error); }

void flux_shutdown() {
  for (int &ended : shared->ended)
    CHECK(READ(ended) == flows / kKinds);
  CHECK(READ(shared->untaken) == flows / kKinds);
}
