// What to do with each word is decided somewhere else.
#include "attacked.h"
#include <functional>
#include <string>

std::function<void(const std::string &)> found = [](const std::string &) { waitABit(); };

static void work(int n) {
  for (const char *word : {"one", "two"})
    found(word + std::to_string(n));
}
