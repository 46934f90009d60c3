/* So is `const`. */
#include "attacked.h"

__attribute__((const)) int lookUp(int n);

static void work(int n) { USE(lookUp(n) >= 0); }
