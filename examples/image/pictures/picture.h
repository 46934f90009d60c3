// picture.h - a picture in memory.
#ifndef IMAGE_PICTURES_PICTURE_H
#define IMAGE_PICTURES_PICTURE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace image {

enum class Format { Jpeg, Png, Webp };

/// Four bytes a pixel, row by row: red, green, blue, and alpha, which is 255 throughout without one.
struct Picture {
  int width = 0, height = 0;
  bool hasAlpha = false;
  Format format = Format::Jpeg; ///< that it came in
  int fullWidth = 0;            ///< before the decoder made it smaller
  int fullHeight = 0;
  int orientation = 1;          ///< of EXIF: how it has yet to be turned
  std::vector<uint8_t> profile; ///< of ICC; empty: sRGB is meant
  std::unique_ptr<uint8_t[]> pixels;

  size_t stride() const { return static_cast<size_t>(width) * 4; }
  uint8_t *row(int y) { return pixels.get() + static_cast<size_t>(y) * stride(); }
  const uint8_t *row(int y) const { return pixels.get() + static_cast<size_t>(y) * stride(); }

  /// Makes room for `width` times `height` pixels, whose values are not set.
  void allocate(int newWidth, int newHeight) {
    width = newWidth;
    height = newHeight;
    pixels.reset(new uint8_t[stride() * static_cast<size_t>(height)]);
  }
};

} // namespace image

#endif // IMAGE_PICTURES_PICTURE_H
