/* exit() runs what was registered, on the flow that calls it. */
#include "attacked.h"

static void sayGoodbye(void) { waitAndLeave(); }

int flux_init(int argc, char **argv) { return (void)argc, (void)argv, atexit(sayGoodbye); }

static void work(int n) {
  if (n == 0)
    exit(0);
}
