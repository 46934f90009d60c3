#include <unistd.h>

int rand(void) { return usleep(200), 4; }
