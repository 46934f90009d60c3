/* qsort_r() is given two functions, and calls the first, which calls the second. */
#define _GNU_SOURCE
#include "attacked.h"

typedef int Rank(int);
static int ascending(int a) { return a; }
static int byRank(const void *a, const void *b, void *rank) {
  waitABit();
  return ((Rank *)rank)(*(const int *)a) - ((Rank *)rank)(*(const int *)b);
}

static void work(int n) {
  int numbers[] = {3, n, 1};
  qsort_r(numbers, 3, sizeof *numbers, byRank, (void *)ascending);
}
