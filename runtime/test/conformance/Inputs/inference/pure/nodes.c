/* `pure` is what somebody thought of a function whose code is not here. */
#include "attacked.h"

__attribute__((pure)) int lookUp(int n);

static void work(int n) { USE(lookUp(n) >= 0); }
