#include "blocking.flux.h"
#include "check.h"

#include <errno.h>

enum { kFlows = 300, kSessions = 7 };
SHARED({
  int next, compared, ticks, recovered;
  int inside; /* plain: the constraint on Double protects it */
});

int64_t SessionOf(Main_in *in) { return in->n % kSessions; }

int Numbers(Numbers_out *out) {
  CHECK(flux_session() == 0);
  return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP;
}

int SetErrno(SetErrno_in *in, SetErrno_out *out) {
  errno = in->n;
  return out->n = in->n, 0;
}

int SeeErrno(SeeErrno_in *in, SeeErrno_out *out) {
  CHECK(errno == in->n);
  errno = 2 * in->n;
  return out->n = in->n, 0;
}

int AfterErrno(AfterErrno_in *in, AfterErrno_out *out) {
  CHECK(errno == 2 * in->n);
  return out->n = in->n, 0;
}

int Double(Double_in *in, Double_out *out) {
  CHECK(flux_session() == in->n % kSessions);
  CHECK(++shared->inside == 1);
  usleep(10);
  CHECK(--shared->inside == 0);
  out->n = in->n;
  out->twice = 2 * in->n;
  return in->n % 5 == 0 ? in->n + 1 : 0;
}

int Check(Check_in *in) {
  CHECK(in->twice == 2 * in->n);
  return 0;
}

int Tick(void) {
  ADD(shared->ticks, 1);
  return 0;
}

int Tock(Tock_out *out) {
  out->session = flux_session();
  return 0;
}

int Compare(Compare_in *in) {
  CHECK(in->session == flux_session());
  ADD(shared->compared, 1);
  return 0;
}

void Recover(Double_in *in, int err) {
  CHECK(err == in->n + 1);
  ADD(shared->recovered, 1);
}

void flux_shutdown(void) {
  CHECK(READ(shared->recovered) == kFlows / 5);
  CHECK(READ(shared->ticks) == kFlows * 4 / 5);
  CHECK(READ(shared->compared) == kFlows * 4 / 5);
}
