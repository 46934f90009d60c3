/// cache.h - the pictures and the cache, for the nodes' own files.
#ifndef CACHE_H
#define CACHE_H

#include "picture.h"

#include <cstddef>
#include <vector>

struct picture {
  int image, width;
  std::vector<unsigned char> pixels; // grey, row by row; as high as wide
  int users = 0;                     // flows that hold it; it is not evicted while there are any
};

constexpr size_t kMostBytes = 64 * 1024;

struct CacheFigures {
  size_t pictures, bytes, evictions;
};

/// What the cache holds, when no flow is running.
CacheFigures figuresOfCache();

#endif
