/* Loaded in front of libc: a rand() that waits. */
#include <stdlib.h>
#include <unistd.h>

int rand(void) {
  usleep(100);
  return 4;
}
