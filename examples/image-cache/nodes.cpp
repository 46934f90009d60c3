/// nodes.cpp - everything around the cache: requests, scaling, delivery and the journal.
#include "cache.h"
#include "image-cache.flux.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr int kRequests = 2000, kImages = 40, kSide = 256;

int journal = -1;
std::atomic<int> delivered{0};

/// The original of a picture: a pattern that tells the images apart.
unsigned char originalAt(int image, int x, int y) { return static_cast<unsigned char>(x * (image + 1) + y); }

/// The mean of the part of the original that one pixel stands for.
unsigned char meanAt(int image, int width, int column, int row) {
  const int step = kSide / width;
  int sum = 0;
  for (int y = 0; y < step; ++y)
    for (int x = 0; x < step; ++x)
      sum += originalAt(image, column * step + x, row * step + y);
  return static_cast<unsigned char>(sum / (step * step));
}

} // namespace

/// `image-cache JOURNAL`
int flux_init(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s JOURNAL\n", argv[0]);
    return 2;
  }
  journal = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (journal >= 0)
    return 0;
  fprintf(stderr, "cannot write '%s': %s\n", argv[1], strerror(errno));
  return 1;
}

/// A few images are asked for most of the time.
int Request(Request_out *out) {
  static int next = 0;
  if (next == kRequests)
    return FLUX_STOP;
  const int number = next++;
  out->image = number % 3 == 0 ? (number * 7) % kImages : number % 4;
  out->width = 32 << number % 2;
  return 0;
}

int Scale(Scale_in *in, Scale_out *out) {
  auto *scaled = new picture{in->image, in->width, {}};
  for (int row = 0; row < in->width; ++row)
    for (int column = 0; column < in->width; ++column)
      scaled->pixels.push_back(meanAt(in->image, in->width, column, row));
  out->image = in->image;
  out->width = in->width;
  out->scaled = scaled;
  return 0;
}

/// Here a server would send the picture; this one looks whether it is the right one.
int Deliver(Deliver_in *in, Deliver_out *out) {
  const picture &shown = *in->cached;
  const size_t size = static_cast<size_t>(in->width) * static_cast<size_t>(in->width);
  if (shown.image != in->image || shown.pixels.size() != size || shown.pixels[0] != meanAt(in->image, in->width, 0, 0))
    abort();
  ++delivered;
  out->image = in->image;
  out->width = in->width;
  out->delivered = in->cached;
  return 0;
}

/// A line is written in two parts, which the constraint `journal` keeps together.
int Journal(Journal_in *in) {
  char text[32];
  snprintf(text, sizeof text, "%d ", in->image);
  if (write(journal, text, strlen(text)) < 0)
    return errno;
  snprintf(text, sizeof text, "%d\n", in->width);
  if (write(journal, text, strlen(text)) < 0)
    return errno;
  return in->image % kImages == 0 && fdatasync(journal) != 0 ? errno : 0;
}

void flux_shutdown(void) {
  const CacheFigures figures = figuresOfCache();
  printf("%d pictures delivered, %s evicted, %s\n", delivered.load(), figures.evictions > 0 ? "some" : "none",
         figures.bytes <= kMostBytes ? "the cache is within its limit" : "THE CACHE HAS GROWN");
}
