#include "check.h"
#include "constraint-attack.flux.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

enum { kFlows = 600, kSessions = 5, kKinds = 6 };

/* What the constraints protect, in plain variables: a race is one for ThreadSanitizer, too. It is shared memory, for
 * models of several processes. */
typedef struct State {
  int writer;                          /* table: the flow that writes, plus 1 */
  int data[2];                         /* table: written at both ends of a region */
  int peers[kSessions];                /* peer: the flow of the session, plus 1 */
  int tally;                           /* tally */
  int next, readers, undone, finished; /* shared by readers, so atomic */
} State;
static State *state;

/* The other process: answers each byte after a while. */
static int questions[2], answers[2];

static void answer(void) {
  char byte;
  close(questions[1]);
  while (read(questions[0], &byte, 1) == 1) {
    usleep(100);
    if (write(answers[1], &byte, 1) != 1)
      break;
  }
  _exit(0);
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  state = (State *)mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(state != MAP_FAILED);
  CHECK(pipe(questions) == 0 && pipe(answers) == 0);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0)
    answer();
  close(questions[0]);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = ADD(state->next, 1) - 1) >= kFlows ? FLUX_STOP : 0; }

int64_t SessionOf(Attack_in *in) { return in->n % kSessions; }

bool IsWriting(int n) { return n % kKinds == 0; }
bool IsReading(int n) { return n % kKinds == 1; }
bool IsTalking(int n) { return n % kKinds == 2; }
bool IsFailing(int n) { return n % kKinds == 3; }
bool IsNesting(int n) { return n % kKinds == 4; }

int Tally(Tally_in *in, Tally_out *out) {
  ++state->tally;
  return out->n = in->n, 0;
}

int Glance(Glance_in *in, Glance_out *out) {
  CHECK(state->writer == 0);
  CHECK(state->data[0] == state->data[1]);
  return out->n = in->n, 0;
}

int BeginWrite(BeginWrite_in *in, BeginWrite_out *out) {
  CHECK(state->writer == 0 && READ(state->readers) == 0);
  state->writer = in->n + 1;
  state->data[0] = in->n;
  return out->n = in->n, 0;
}

static void endWrite(int n) {
  CHECK(state->writer == n + 1 && READ(state->readers) == 0);
  CHECK(state->data[0] == n);
  state->data[1] = n;
  state->writer = 0;
}

int EndWrite(EndWrite_in *in) {
  endWrite(in->n);
  ADD(state->finished, 1);
  return 0;
}

int Leave(Leave_in *in, Leave_out *out) {
  endWrite(in->n);
  return out->n = in->n, 0;
}

int Undo(Undo_in *in) {
  endWrite(in->n);
  return 7;
}

void Undone(Undo_in *in, int error) {
  CHECK(error == 7 && IsFailing(in->n));
  ADD(state->undone, 1);
}

int BeginRead(BeginRead_in *in, BeginRead_out *out) {
  CHECK(state->writer == 0);
  ADD(state->readers, 1);
  return out->n = in->n, 0;
}

int EndRead(EndRead_in *in) {
  (void)in;
  CHECK(state->writer == 0);
  CHECK(state->data[0] == state->data[1]);
  ADD(state->readers, -1);
  ADD(state->finished, 1);
  return 0;
}

int BeginPeer(BeginPeer_in *in, BeginPeer_out *out) {
  int *peer = &state->peers[flux_session()];
  CHECK(flux_session() == in->n % kSessions && *peer == 0);
  *peer = in->n + 1;
  return out->n = in->n, 0;
}

int EndPeer(EndPeer_in *in) {
  int *peer = &state->peers[flux_session()];
  CHECK(*peer == in->n + 1);
  *peer = 0;
  ADD(state->finished, 1);
  return 0;
}

int Nap(Nap_in *in, Nap_out *out) {
  usleep(300);
  return out->n = in->n, 0;
}

int Sleep(Sleep_in *in, Sleep_out *out) {
  CHECK(flux_session() == in->n % kSessions);
  usleep(300);
  return out->n = in->n, 0;
}

int Ask(Ask_in *in, Ask_out *out) {
  char byte = 'a';
  CHECK(write(questions[1], &byte, 1) == 1);
  while (read(answers[0], &byte, 1) != 1)
    CHECK(errno == EINTR);
  return out->n = in->n, 0;
}

void flux_shutdown(void) {
  CHECK(state->tally == kFlows);
  CHECK(state->undone == kFlows / kKinds);
  CHECK(state->finished == kFlows - state->undone);
  CHECK(state->writer == 0 && state->readers == 0);
}
