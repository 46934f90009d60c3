// A hash function that has to look at the file that is its key.
#include "attacked.h"
#include <unordered_set>

struct File {
  int number;
  bool operator==(const File &) const = default;
};
template <> struct std::hash<File> {
  size_t operator()(const File &file) const { return waitABit(), static_cast<size_t>(file.number); }
};
static std::unordered_set<File> files;

static void work(int n) { files.insert({n}); }
