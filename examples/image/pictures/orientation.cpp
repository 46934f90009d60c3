// orientation.cpp - EXIF's orientation, and pictures made upright.
#include "pictures/orientation.h"

#include <cstring>

namespace image {
namespace {

/// Numbers of a TIFF file, in its byte order. 0 for what lies behind the end.
struct Tiff {
  const uint8_t *bytes;
  size_t size;
  bool isLittle;

  uint32_t number(size_t at, unsigned length) const {
    uint32_t value = 0;
    if (at > size || size - at < length)
      return 0;
    for (unsigned i = 0; i < length; ++i)
      value = value << 8 | bytes[isLittle ? at + length - 1 - i : at + i];
    return value;
  }
};

constexpr uint32_t orientationTag = 0x112, shortType = 3;

} // namespace

int exifOrientation(const uint8_t *tiff, size_t size) {
  if (size < 8 || (memcmp(tiff, "II*\0", 4) != 0 && memcmp(tiff, "MM\0*", 4) != 0))
    return 1;
  const Tiff file = {tiff, size, tiff[0] == 'I'};
  const size_t directory = file.number(4, 4);
  const uint32_t entries = file.number(directory, 2);
  for (uint32_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + size_t(i) * 12;
    if (file.number(entry, 2) != orientationTag)
      continue;
    const uint32_t value = file.number(entry + 8, 2);
    return file.number(entry + 2, 2) == shortType && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

void makeUpright(Picture &picture) {
  const int orientation = picture.orientation;
  picture.orientation = 1;
  if (orientation == 1)
    return;
  // Where the pixels of a row go, and where the next row begins, in pixels. For example 6: the first row is the right
  // edge, downwards.
  const bool swaps = swapsSides(orientation);
  const ptrdiff_t width = swaps ? picture.height : picture.width, height = swaps ? picture.width : picture.height;
  const bool mirrorsX = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool mirrorsY = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const ptrdiff_t stepX = mirrorsX ? -1 : 1, stepY = mirrorsY ? -width : width;
  const ptrdiff_t first = (mirrorsX ? width - 1 : 0) + (mirrorsY ? (height - 1) * width : 0);
  const ptrdiff_t alongRow = swaps ? stepY : stepX, nextRow = swaps ? stepX : stepY;
  const std::unique_ptr<uint8_t[]> from = std::move(picture.pixels);
  const int rows = picture.height, columns = picture.width;
  picture.allocate(static_cast<int>(width), static_cast<int>(height));
  for (int y = 0; y < rows; ++y) {
    const uint8_t *source = from.get() + static_cast<size_t>(y) * static_cast<size_t>(columns) * 4;
    uint8_t *target = picture.pixels.get() + (first + y * nextRow) * 4;
    for (int x = 0; x < columns; ++x, source += 4, target += alongRow * 4)
      memcpy(target, source, 4);
  }
}

} // namespace image
