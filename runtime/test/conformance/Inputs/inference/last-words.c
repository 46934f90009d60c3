/* What a program does before it ends may take long, and others must not see what it was in the middle of. */
#include "attacked.h"

#include <signal.h>

static void leave(int signal) { (void)signal, leaveNow(); }

__attribute__((noinline)) static void die(const char *why) {
  USE(write(2, why, strlen(why)));
  usleep(20000);
  abort();
}

static void work(int n) {
  signal(SIGABRT, leave);
  if (n == 0)
    die("what now?\n");
}
