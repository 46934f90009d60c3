// A map whose memory comes from somewhere that may be out of it for a moment.
#include "attacked.h"
#include <map>

template <typename T> struct Patient {
  using value_type = T;
  Patient() = default;
  template <typename U> Patient(const Patient<U> &) {}
  T *allocate(size_t n) { return waitABit(), static_cast<T *>(malloc(n * sizeof(T))); }
  void deallocate(T *memory, size_t) { free(memory); }
  bool operator==(const Patient &) const { return true; }
  bool operator!=(const Patient &) const { return false; }
};

static std::map<int, int, std::less<int>, Patient<std::pair<const int, int>>> table;

static void work(int n) { table[n] = n; }
