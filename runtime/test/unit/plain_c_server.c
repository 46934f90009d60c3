/* plain_c_server.c - the object of a compiled program, written by hand in C and linked by the C compiler: the archives
 * need no C++ library. A thousand flows add up their inputs under a lock; the sum decides on the exit status. */
#include "flux/flux.h"
#include "flux/rt/entry_points.h"
#include "flux/rt/program.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { kFlows = 1000 };

typedef struct Number {
  int value;
} Number;

/* Memory that all processes of a server share, for models that have several. */
static struct State {
  int next;
  long sum;
} *state;

static int32_t poll_count(flux_ir_context *cx, void *input, int64_t *session) {
  (void)cx, (void)session;
  const int value = __atomic_add_fetch(&state->next, 1, __ATOMIC_RELAXED);
  ((Number *)input)->value = value;
  return value <= kFlows ? 0 : FLUX_STOP;
}

static void run_add(flux_ir_context *cx, void *input) {
  __atomic_fetch_add(&cx->counters[0].calls, 1, __ATOMIC_RELAXED);
  flux_ir_acquire(cx, 0, FLUX_IR_WRITE);
  state->sum += ((Number *)input)->value;
  flux_ir_release(cx, 0);
}

int flux_init(int argc, char **argv) {
  (void)argv;
  state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return argc == 1 && state != MAP_FAILED ? 0 : 1;
}

void flux_shutdown(void) {
  const bool right = state->sum == (long)kFlows * (kFlows + 1) / 2;
  printf("%s: sum %ld\n", right ? "ok" : "WRONG", state->sum);
  if (!right) {
    fflush(stdout);
    _exit(1);
  }
}

static const flux_ir_function functions[] = {{"Add", "plain.flux", 3, FLUX_IR_NODE}};
static const flux_ir_lock locks[] = {{"sum", 0, 0}};
static const flux_ir_source sources[] = {{"Count", "Add", sizeof(Number), _Alignof(Number), poll_count, run_add}};

const flux_ir_program_t flux_ir_program = {
    FLUX_IR_ABI_VERSION, sizeof(flux_ir_program_t), ~UINT64_C(0), "plain", 1, functions, 1, locks, 1, sources};
