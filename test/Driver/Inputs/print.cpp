#include "count.flux.h"
#include <iostream>

int Print(Print_in *in) {
  std::cout << "number " << in->number << std::endl;
  return 0;
}
