#define _GNU_SOURCE
#include "waits-for-processes.flux.h"
#include "waits.h"

#include <stdlib.h>
#include <sys/wait.h>

SHARED({ PAIRS; });
static int pipes[kMaxPairs][2]; /* made before the flows, and so in all processes */

static pid_t startProcess(int pair) {
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    char byte;
    _exit(read(pipes[pair][0], &byte, 1) == 1 && byte == 'x' ? 3 : 1);
  }
  return child;
}

static void awaitByPid(int pair) {
  int status;
  const pid_t child = startProcess(pair);
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 3);
}

static void awaitById(int pair) {
  siginfo_t info;
  const pid_t child = startProcess(pair);
  CHECK(waitid(P_PID, (id_t)child, &info, WEXITED) == 0);
  CHECK(info.si_pid == child && info.si_code == CLD_EXITED && info.si_status == 3);
}

/* A command that copies one byte of the pair's pipe. */
static const char *copy(int pair, char command[64]) {
  snprintf(command, 64, "head -c 1 /proc/self/fd/%d", pipes[pair][0]);
  return command;
}

static void readCommand(int pair) {
  char command[64], said[8];
  FILE *stream = popen(copy(pair, command), "r");
  CHECK(stream && fgets(said, sizeof said, stream) && strcmp(said, "x") == 0);
  CHECK(pclose(stream) == 0);
}

static void closeCommand(int pair) {
  char command[96] = "exec >/dev/null; ";
  copy(pair, command + strlen(command));
  FILE *stream = popen(command, "r");
  CHECK(stream && pclose(stream) == 0);
}

static void runCommand(int pair) {
  char command[96] = "exec >/dev/null; ";
  copy(pair, command + strlen(command));
  CHECK(system(command) == 0);
}

static void letGoOn(int pair) { CHECK(write(pipes[pair][1], "x", 1) == 1); }

static const Pair pairs[] = {
    {awaitByPid, letGoOn}, {awaitById, letGoOn}, {readCommand, letGoOn}, {closeCommand, letGoOn}, {runCommand, letGoOn},
};
FOR_PAIRS;

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int i = 0; i < kPairs; ++i)
    CHECK(pipe(pipes[i]) == 0);
  return 0;
}

void flux_shutdown(void) { checkPairs(); }
