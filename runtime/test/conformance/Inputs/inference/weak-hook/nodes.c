/* A hook with a weak alias for programs that have none. */
#include "attacked.h"

static int noHook(int n) { return n + 1; }
int hook(int n) __attribute__((weak, alias("noHook")));

static void work(int n) { USE(hook(n) >= 0); }
