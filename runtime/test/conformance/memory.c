#include "check.h"
#include "memory.flux.h"

#include <pthread.h>
#include <stdlib.h>

enum { kFlows = 40 };
static int next;
static const char *kind;

int flux_init(int argc, char **argv) {
  CHECK(argc > 1);
  kind = argv[1];
  return 0;
}

static int is(const char *wanted) { return strcmp(kind, wanted) == 0; }

int Numbers(Numbers_out *out) { return (out->n = next++) < kFlows ? 0 : FLUX_STOP; }

int Keep(Keep_in *in, Keep_out *out) {
  char waited[100];
  out->text = strdup("a text of the flow");
  snprintf(waited, sizeof waited, "%d", in->n);
  usleep(100);
  CHECK(atoi(waited) == in->n);
  return out->n = in->n, 0;
}

static __attribute__((noinline)) int *localOf(int n) {
  int local = n, *volatile escaped = &local;
  return escaped;
}

int Err(Err_in *in, Err_out *out) {
  volatile int chosen = in->n + 40 - in->n;
  char local[8] = "";
  char *volatile where = local;
  out->text = in->text;
  if (is("exit")) {
    /* Only their stacks know what the others have. */
    char *mine = in->text;
    if (in->n != kFlows / 2) {
      in->text = out->text = NULL;
      usleep(30000);
      return out->text = mine, 0;
    }
    puts("the end");
    exit(0);
  }
  if (is("leak")) {
    char *volatile lost = (char *)malloc(1000);
    lost = NULL;
    (void)lost;
  }
  if (in->n != kFlows / 2)
    return 0;
  if (is("free"))
    free(in->text), in->text[0] = 'x';
  if (is("stack"))
    where[chosen - 32] = 'x';
  if (is("return"))
    *localOf(in->n) = 5;
  if (is("shift"))
    CHECK(1 << chosen != 3);
  return 0;
}

int Free(Free_in *in) {
  free(in->text);
  return 0;
}

void flux_shutdown(void) { puts("the end"); }
