/* check.h - for the nodes of conformance programs, C11 or C++17. */
#ifndef CHECK_H
#define CHECK_H

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Ends the process with status 1 and the place, unless the condition holds. Any thread; atexit handlers do not run. */
#define CHECK(CONDITION)                                                                                               \
  do {                                                                                                                 \
    if (!(CONDITION)) {                                                                                                \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #CONDITION);                                          \
      _exit(1);                                                                                                        \
    }                                                                                                                  \
  } while (0)

/* Whether the file begins with up to 8 KiB that have the words in them. By system calls that park nothing, also in a
 * signal handler. */
static inline int fileHas(const char *path, const char *words) {
  char text[8192];
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
  const long length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  text[length > 0 ? length : 0] = 0;
  return strstr(text, words) != NULL;
}

/* Declares what the nodes of a program share, as the struct `shared`, zeroed: also where they run in several processes.
 *     SHARED({ int next, done; });   ...   ADD(shared->done, 1) */
#define SHARED(...)                                                                                                    \
  static struct Shared __VA_ARGS__ *shared;                                                                            \
  __attribute__((constructor)) static void makeShared(void) {                                                          \
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);              \
    CHECK(memory != MAP_FAILED);                                                                                       \
    shared = (struct Shared *)memory;                                                                                  \
  }                                                                                                                    \
  struct Shared /* so that a semicolon may follow */

/* For counters that concurrent nodes share. */
#define ADD(COUNTER, N) __atomic_add_fetch(&(COUNTER), (N), __ATOMIC_SEQ_CST)
#define NEXT(COUNTER) (ADD(COUNTER, 1) - 1)
#define READ(COUNTER) __atomic_load_n(&(COUNTER), __ATOMIC_SEQ_CST)

#endif
