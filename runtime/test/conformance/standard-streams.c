#include "check.h"
#include "standard-streams.flux.h"
#include <unistd.h>

enum { MUCH = 300000 };

static int next, isLocked, input[2], output[2];

/* What the flows do to each other: nobody outside reads or writes. */
int flux_init(int argc, char **argv) {
  (void)argc;
  (void)argv;
  CHECK(pipe(input) == 0 && dup2(input[0], STDIN_FILENO) == STDIN_FILENO);
  CHECK(pipe(output) == 0 && dup2(output[1], STDOUT_FILENO) == STDOUT_FILENO);
  return 0;
}

int Roles(Roles_out *out) { return (out->role = next++) < 4 ? 0 : FLUX_STOP; }

static void readLine(void) {
  char line[20];
  CHECK(fgets(line, sizeof line, stdin) && strcmp(line, "a line\n") == 0);
  int number = 0;
  CHECK(scanf("%d", &number) == 1 && number == 42);
}

static void writeMuch(void) {
  flockfile(stdout);
  ADD(isLocked, 1);
  for (int i = 0; i < MUCH; i += 10)
    CHECK(printf("%s", "ten bytes\n") == 10);
  CHECK(fflush(stdout) == 0);
  funlockfile(stdout);
}

/* What has come of the line is the writer's alone, as others print meanwhile. */
static void readMuch(void) {
  char line[11] = {0};
  for (int have = 0; have < MUCH; have += 10) {
    for (int got = 0, more; got < 10; got += more)
      CHECK((more = (int)read(output[0], line + got, (size_t)(10 - got))) > 0);
    CHECK(strcmp(line, "ten bytes\n") == 0);
  }
  CHECK(write(input[1], "a line\n4", 8) == 8);
  usleep(1000);
  CHECK(write(input[1], "2\n", 2) == 2);
}

static void printBeside(void) {
  while (!READ(isLocked))
    usleep(1000);
  CHECK(puts("beside, when the stream is free") >= 0);
}

int Act(Act_in *in) {
  static void (*const acts[])(void) = {readLine, writeMuch, printBeside, readMuch};
  acts[in->role]();
  return 0;
}
