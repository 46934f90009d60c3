#include "cache.flux.h"
#include <map>
#include <string>
#include <unistd.h>

#if defined(__GCC_ONLY__) && defined(__clang__)
#error not for clang
#endif

static int next;
static std::map<std::string, int> table;

int Numbers(Numbers_out *out) {
  out->n = next;
  return next++ < 100 ? 0 : FLUX_STOP;
}

int Insert(Insert_in *in, Insert_out *out) {
  out->n = ++table[std::to_string(in->n % 10)];
  return 0;
}

__attribute__((noinline)) static int write_out() {
#ifdef BROKEN
  return not_declared;
#endif
  return fsync(-1);
}

int Save(Save_in *in) {
  (void)in;
  write_out();
  return 0;
}

int Promised() { return usleep(1); }
