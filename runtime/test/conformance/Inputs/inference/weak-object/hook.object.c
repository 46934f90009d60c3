#include <unistd.h>

int hook(int n) { return usleep(200), n; }
