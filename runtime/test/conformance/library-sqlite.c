#include "check.h"
#include "library-sqlite.flux.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { kFlows = 60, kRows = 3 };
static int next; /* a source is called by one thread at a time */
static sqlite3 *database;
static char file[] = "/tmp/flux-sqlite-XXXXXX";

/* Every flow's statements, by one connection in serialized mode, which SQLite allows among threads: its recursive mutex
   keeps them apart, and is held while SQLite reads and writes the file. */
static void execute(const char *statement, sqlite3_callback callback, void *argument) {
  char *message = NULL;
  if (sqlite3_exec(database, statement, callback, argument, &message) != SQLITE_OK) {
    fprintf(stderr, "%s: %s\n", statement, message);
    _exit(1);
  }
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  const int descriptor = mkstemp(file);
  CHECK(descriptor >= 0);
  close(descriptor);
  CHECK(sqlite3_threadsafe() == 1);
  CHECK(sqlite3_open_v2(file, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL) == SQLITE_OK);
  execute("pragma synchronous = normal", NULL, NULL);
  execute("create table entries(flow, row)", NULL, NULL);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = next++) < kFlows ? 0 : FLUX_STOP; }

/* A callback that lets others run, under SQLite's lock. */
static int countRow(void *count, int columns, char **values, char **names) {
  (void)columns, (void)values, (void)names;
  usleep(100);
  ++*(int *)count;
  return 0;
}

int Store(Store_in *in, Store_out *out) {
  char statement[100];
  for (int row = 0; row < kRows; ++row) {
    snprintf(statement, sizeof statement, "insert into entries values(%d, %d)", in->n, row);
    execute(statement, NULL, NULL);
  }
  out->n = in->n;
  return 0;
}

int Find(Find_in *in) {
  char statement[100];
  int count = 0;
  snprintf(statement, sizeof statement, "select row from entries where flow = %d", in->n);
  execute(statement, countRow, &count);
  CHECK(count == kRows);
  return 0;
}

static int isOk(void *ok, int columns, char **values, char **names) {
  (void)names;
  *(int *)ok = columns == 1 && strcmp(values[0], "ok") == 0;
  return 0;
}

static int takeNumber(void *number, int columns, char **values, char **names) {
  (void)columns, (void)names;
  *(int *)number = atoi(values[0]);
  return 0;
}

void flux_shutdown(void) {
  int ok = 0, rows = 0;
  execute("pragma integrity_check", isOk, &ok);
  execute("select count(*) from entries", takeNumber, &rows);
  CHECK(ok);
  CHECK(rows == kFlows * kRows);
  CHECK(sqlite3_close(database) == SQLITE_OK);
  unlink(file);
}
