#include <unistd.h>

int lookUp(int n) { return usleep(200), n; }
