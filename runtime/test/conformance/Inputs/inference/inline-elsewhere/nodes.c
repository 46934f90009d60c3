/* An inline definition in C is a suggestion: the one that is linked may be another. */
#include "attacked.h"

__attribute__((noinline)) inline int lookUp(int n) { return n; }

static void work(int n) { USE(lookUp(n) >= 0); }
