#include <cstdlib>
#include <unistd.h>

void operator delete(void *memory) noexcept {
  usleep(200);
  free(memory);
}
void operator delete(void *memory, size_t) noexcept { operator delete(memory); }
