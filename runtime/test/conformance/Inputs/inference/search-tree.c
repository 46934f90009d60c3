/* A tree of the C library's, whose order needs a look at something slow. */
#include "attacked.h"

#include <search.h>

static void *tree;
static int numbers[40];
static int compare(const void *a, const void *b) { return waitABit(), *(const int *)a - *(const int *)b; }

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int i = 0; i < 40; ++i)
    numbers[i] = i;
  return tsearch(&numbers[0], &tree, compare) && tsearch(&numbers[1], &tree, compare) ? 0 : 1;
}

static void work(int n) { USE(tfind(&numbers[n], &tree, compare) != NULL); }
