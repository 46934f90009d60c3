#include "check.h"
#include "snapshot.flux.h"

#include <signal.h>
#include <stdlib.h>

/* One that holds the constraint, two that wait for it, two in Stay, and one that fails. */
enum { kFlows = 6, kRead = 3 };
static const char *file;
static int ends[2];
SHARED({ int next, held, look, entered; });

/* The argument: where --flux-snapshot writes. Nothing runs yet. */
int flux_init(int argc, char **argv) {
  CHECK(argc == 2 && pipe(ends) == 0);
  CHECK(flux_snapshot(NULL, 0) == FLUX_E_INVALID);
  file = argv[1];
  return 0;
}

/* The first flow is the oldest, and has the constraint when others come. */
int Next(Next_out *out) {
  out->n = NEXT(shared->next);
  while (out->n > 0 && out->n < kFlows && !READ(shared->held))
    usleep(1000);
  return out->n < kFlows ? 0 : FLUX_STOP;
}

bool IsFirst(int n) { return n == 0; }
bool IsEven(int n) { return n % 2 == 0; }
bool IsOdd(int n) { return n % 2 == 1 && n < kFlows - 1; }

static int await(void) {
  char byte;
  return read(ends[0], &byte, 1) == 1 ? 0 : 1;
}

int Hold(Hold_in *in) {
  ADD(shared->held, 1);
  return in->n + await();
}

int Stay(Stay_in *in) {
  CHECK(in->n < kFlows);
  return await();
}

int Fail(Fail_in *in) { return 4711 + 0 * in->n; }

/* A node may ask, too, and gets as much as it has room for. */
int Enter(Enter_in *in) {
  char text[12];
  memset(text, '#', sizeof text);
  CHECK(flux_snapshot(text, 11) > 1000);
  CHECK(strcmp(text, "{\"schema\":") == 0 && text[11] == '#');
  ADD(shared->entered, 1);
  return 0 * in->n;
}

static int count(const char *text, const char *words) {
  int found = 0;
  while ((text = strstr(text, words)))
    ++found, ++text;
  return found;
}

/* Whether the snapshot shows all flows where they are to stand. */
static bool isSettled(const char *text) {
  return strstr(text, "\"in_flight\":5,\"queued\":0}") && strstr(text, "\"holding\":1,\"waiting\":2,") &&
         count(text, "\"node\":\"Stay\"") == 2 && strstr(text, "\"unhandled\":1,");
}

/* Makes a snapshot in memory as large as it takes. */
static char *make(void) {
  char *text = NULL;
  for (int size = 0;;) {
    const int needed = flux_snapshot(text, (size_t)size);
    CHECK(needed > 0);
    if (needed < size) {
      CHECK((int)strlen(text) == needed);
      return text;
    }
    free(text);
    CHECK((text = malloc((size_t)(size = needed + 100))));
  }
}

static char written[16384];

/* Whether the file shows the same, and that those that are to read from the pipe do. */
static bool isFileSettled(void) {
  char *text = written;
  const int fd = open(file, O_RDONLY);
  if (fd < 0)
    return false;
  const ssize_t length = read(fd, text, sizeof written - 1);
  close(fd);
  text[length > 0 ? length : 0] = 0;
  char *functions = strstr(text, "\"functions\":");
  if (!functions)
    return false;
  *functions = 0; /* what stands behind it tells of the same flows once more */
  const bool reads = count(text, "\"waits_for\":\"read(") + count(text, "\"waits_for\":\"descriptor ") == kRead;
  *functions = '"';
  return reads && isSettled(text);
}

/* In one process, where there are several. */
int Look(Look_out *out) {
  static char *own;
  static bool isMine;
  out->n = 0;
  if (!isMine && NEXT(shared->look) > 0)
    return FLUX_STOP;
  isMine = true;
  usleep(1000);
  if (!own) {
    own = make();
    if (isSettled(own))
      return FLUX_AGAIN;
    free(own);
    own = NULL;
    return FLUX_AGAIN;
  }
  if (!isFileSettled()) {
    kill(getpid(), SIGUSR1);
    return FLUX_AGAIN;
  }
  printf("%s%s", own, written);
  fflush(stdout);
  free(own);
  CHECK(write(ends[1], "xxx", kRead) == kRead);
  return FLUX_STOP;
}

void flux_shutdown(void) {
  CHECK(READ(shared->entered) == 2);
  CHECK(flux_snapshot(NULL, 0) == FLUX_E_INVALID);
}
