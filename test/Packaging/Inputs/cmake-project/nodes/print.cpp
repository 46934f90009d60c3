#include "outside.flux.h"
#include <compare>
#include <cstdio>

extern "C" int twice(int);

int Print(Print_in *in) {
  static_assert((1 <=> 2) < 0, "C++20");
  std::printf("number %d\n", twice(in->value.value));
  return 0;
}
