#define _GNU_SOURCE
#include "check.h"
#include "loading.flux.h"

#include <dlfcn.h>

static int next;

int Once(Once_out *out) { return (out->n = next++) < 1 ? 0 : FLUX_STOP; }

static void use(void *library) {
  CHECK(library);
  double (*root)(double) = (double (*)(double))dlsym(library, "sqrt");
  CHECK(root && root(9) == 3);
}

int Take(Take_in *in) {
  (void)in;
  use(dlopen("libm.so.6", RTLD_NOW));
  use(dlopen("libm.so.6", RTLD_NOW | RTLD_DEEPBIND));
  CHECK(dlopen("libm.so.6", RTLD_NOW | RTLD_DEEPBIND | RTLD_NOLOAD));
  use(dlmopen(LM_ID_NEWLM, "libm.so.6", RTLD_NOW));
  CHECK(!dlopen("libno-such.so", RTLD_NOW) && strstr(dlerror(), "libno-such.so"));
  return 0;
}
