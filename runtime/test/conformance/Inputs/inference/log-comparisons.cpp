// Sorting, with a trace of what is compared, through a stream buffer that sends it off.
#include "attacked.h"
#include <algorithm>
#include <ostream>
#include <streambuf>
#include <vector>

class Wire : public std::streambuf {
  int overflow(int c) override {
    waitABit();
    return c;
  }
};
static Wire wire;
static std::ostream trace(&wire);

static void work(int n) {
  std::vector<int> numbers = {3, n, 1};
  std::sort(numbers.begin(), numbers.end(), [](int a, int b) {
    trace << a << '<' << b << '\n';
    return a < b;
  });
}
