/* The comparison comes out of a table that somebody else fills. */
#include "attacked.h"

static int slowly(const void *a, const void *b) { return waitABit(), *(const int *)a - *(const int *)b; }
static int quickly(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int (*orders[])(const void *, const void *) = {quickly, slowly};

static void work(int n) {
  int numbers[] = {3, n, 1};
  qsort(numbers, 3, sizeof *numbers, orders[n >= 0]);
}
