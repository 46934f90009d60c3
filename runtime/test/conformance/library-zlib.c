#include "check.h"
#include "library-zlib.flux.h"

#include <zlib.h>

enum { kPipes = 20, kNumbers = 100000 };
static int ends[kPipes][2];
static int next; /* a source is called by one thread at a time */
static int done;

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int i = 0; i < kPipes; ++i)
    CHECK(pipe(ends[i]) == 0);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = next++) < 2 * kPipes ? 0 : FLUX_STOP; }

/* What the two flows of a pipe agree on: numbers that do not compress well, so that they do not fit into the pipe. */
static unsigned number(int pair, unsigned i) { return (i + (unsigned)pair) * 2654435761u; }

static void writeNumbers(int pair) {
  gzFile file = gzdopen(ends[pair][1], "wb1");
  CHECK(file);
  for (unsigned i = 0; i < kNumbers; ++i) {
    const unsigned each = number(pair, i);
    CHECK(gzwrite(file, &each, sizeof each) == sizeof each);
  }
  CHECK(gzclose(file) == Z_OK);
}

static void readNumbers(int pair) {
  gzFile file = gzdopen(ends[pair][0], "rb");
  unsigned each;
  CHECK(file);
  for (unsigned i = 0; i < kNumbers; ++i)
    CHECK(gzread(file, &each, sizeof each) == sizeof each && each == number(pair, i));
  CHECK(gzread(file, &each, sizeof each) == 0);
  CHECK(gzclose(file) == Z_OK);
}

int Use(Use_in *in) {
  (in->n % 2 ? writeNumbers : readNumbers)(in->n / 2);
  ADD(done, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(done) == 2 * kPipes); }
