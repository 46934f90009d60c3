// limit.cpp - what the libraries and the filter need alone: the file is in memory, and the result is thrown away.
//   limit FILE SECONDS     prints how many pictures, and the seconds of processor time that they took
#include "pictures/decode.h"
#include "pictures/encode.h"
#include "pictures/scale.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace image;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "re") : nullptr;
  if (!file)
    return 1;
  std::vector<uint8_t> bytes(1 << 24);
  bytes.resize(fread(bytes.data(), 1, bytes.size(), file));
  fclose(file);
  Order order;
  order.width = 800;
  order.height = 600;
  const double end = seconds(CLOCK_MONOTONIC) + atof(argv[2]), before = seconds(CLOCK_PROCESS_CPUTIME_ID);
  int count = 0;
  for (; seconds(CLOCK_MONOTONIC) < end; ++count) {
    Picture picture;
    Encoded encoded;
    if (decode(bytes.data(), bytes.size(), order, picture) != 0)
      return 1;
    scale(fitInto(order, picture.fullWidth, picture.fullHeight, picture.orientation), picture);
    if (encode(picture, order.quality, false, encoded) != 0)
      return 1;
  }
  printf("%d %.3f\n", count, seconds(CLOCK_PROCESS_CPUTIME_ID) - before);
  return 0;
}
