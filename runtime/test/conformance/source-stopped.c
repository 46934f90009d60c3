#include "check.h"
#include "source-stopped.flux.h"

#include <errno.h>
#include <time.h>

SHARED({ int next; });

int Wait(Wait_out *out) {
  if ((out->n = NEXT(shared->next)) == 0)
    return 0;
  const struct timespec hour = {3600, 0};
  CHECK(nanosleep(&hour, NULL) == -1);
  return errno;
}

int Stop(Stop_in *in) {
  (void)in;
  flux_stop();
  return 0;
}

void Failed(int error) { CHECK(error == 0); }
