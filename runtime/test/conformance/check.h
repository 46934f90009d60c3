/* check.h - for the nodes of conformance programs, C11 or C++17. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <unistd.h>

/* Ends the process with status 1 and the place, unless the condition holds. Any thread; atexit handlers do not run. */
#define CHECK(CONDITION)                                                                                               \
  do {                                                                                                                 \
    if (!(CONDITION)) {                                                                                                \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #CONDITION);                                          \
      _exit(1);                                                                                                        \
    }                                                                                                                  \
  } while (0)

/* For counters that concurrent nodes share. */
#define ADD(COUNTER, N) __atomic_add_fetch(&(COUNTER), (N), __ATOMIC_SEQ_CST)
#define READ(COUNTER) __atomic_load_n(&(COUNTER), __ATOMIC_SEQ_CST)

#endif
