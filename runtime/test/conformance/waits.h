/* waits.h - for programs of pairs of flows, one of which waits in some call until the other has done something. A call
 * that held the loop meanwhile would keep the other flow from doing that, and the program from ending. */
#ifndef WAITS_H
#define WAITS_H

#include "check.h"

#include <time.h>

enum { kMaxPairs = 32 };

/* What the pairs share, first in the program's SHARED({ PAIRS; ... }), behind which FOR_PAIRS stands. */
#define PAIRS int next, numEnded, beats, begun[kMaxPairs], held[kMaxPairs], ended[kMaxPairs]

/* A way to wait: what the flow does that waits, and the other one. Both get the number of the pair. */
typedef struct Pair {
  void (*wait)(int pair);
  void (*act)(int pair);
} Pair;

/* Defines the source and the node of `Roles => Act`, by the array `pairs`, and that all have ended at the end. */
#define FOR_PAIRS                                                                                                      \
  enum { kPairs = sizeof pairs / sizeof *pairs };                                                                      \
  _Static_assert(kPairs <= kMaxPairs, "no place for so many pairs");                                                   \
  int Roles(Roles_out *out) { return (out->role = NEXT(shared->next)) < 2 * kPairs ? 0 : FLUX_STOP; }                  \
  int Act(Act_in *in) {                                                                                                \
    const int pair = in->role / 2;                                                                                     \
    if (in->role % 2 == 0) {                                                                                           \
      ADD(shared->begun[pair], 1);                                                                                     \
      pairs[pair].wait(pair);                                                                                          \
      ADD(shared->ended[pair], 1);                                                                                     \
    } else {                                                                                                           \
      UNTIL(READ(shared->begun[pair]));                                                                                \
      pairs[pair].act(pair);                                                                                           \
    }                                                                                                                  \
    ADD(shared->numEnded, 1);                                                                                          \
    return 0;                                                                                                          \
  }                                                                                                                    \
  void checkPairs(void) { CHECK(shared->numEnded == 2 * kPairs); }                                                     \
  struct Pair /* so that a semicolon may follow */

/* Lets other flows run until it is so. */
#define UNTIL(CONDITION)                                                                                               \
  while (!(CONDITION))                                                                                                 \
  usleep(1000)

/* The act of who holds something for a while that the other flow waits for. */
#define HOLD_FOR_A_WHILE(PAIR)                                                                                         \
  do {                                                                                                                 \
    ADD(shared->held[PAIR], 1);                                                                                        \
    for (int i = 0; i < 5; ++i)                                                                                        \
      usleep(1000);                                                                                                    \
  } while (0)

/* The act of who does nothing for the other flow, but runs. */
#define BEAT_UNTIL_ENDED(PAIR)                                                                                         \
  do {                                                                                                                 \
    ADD(shared->held[PAIR], 1);                                                                                        \
    while (!READ(shared->ended[PAIR])) {                                                                               \
      ADD(shared->beats, 1);                                                                                           \
      usleep(1000);                                                                                                    \
    }                                                                                                                  \
  } while (0)

/* Makes a call that is in vain until its time is over, again and again until the other flow has run meanwhile. */
#define IN_VAIN(CONDITION)                                                                                             \
  do {                                                                                                                 \
    const int before = READ(shared->beats);                                                                            \
    do                                                                                                                 \
      CHECK(CONDITION);                                                                                                \
    while (READ(shared->beats) == before);                                                                             \
  } while (0)

enum { kSoonMs = 5, kLateMs = 1000 * 1000 };

/* So many milliseconds from now on. */
static inline struct timespec after(clockid_t clock, int ms) {
  struct timespec time;
  clock_gettime(clock, &time);
  time.tv_nsec += ms % 1000 * 1000000L;
  time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000;
  time.tv_nsec %= 1000000000;
  return time;
}
#define AFTER(CLOCK, MS) &(struct timespec[]){after(CLOCK, MS)}[0]

#endif
