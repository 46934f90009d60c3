// The program has its own operator new, and the library's strings use it.
#include "attacked.h"
#include <new>
#include <string>

static bool accounts;

void *operator new(size_t size) {
  if (accounts)
    waitABit();
  void *memory = malloc(size);
  return memory ? memory : throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }

static void work(int n) {
  accounts = true;
  std::string text = "a text that is too long to be inside of the string itself ";
  text += std::to_string(n);
  USE(!text.empty());
  accounts = false;
}
