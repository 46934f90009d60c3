#include "attacked.flux.h"
#include <unistd.h>

void enter(void);
void leave(void);

int Work(Work_in *in) {
  (void)in;
  enter();
  usleep(200);
  leave();
  return 0;
}
