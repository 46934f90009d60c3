// Somebody else has brought an operator delete.
#include "attacked.h"
#include <map>

static std::map<int, int> table;

static void work(int n) {
  table[n] = n;
  table.erase(n);
}
