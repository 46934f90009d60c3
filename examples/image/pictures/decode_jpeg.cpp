// decode_jpeg.cpp - JPEG.
#include "pictures/decode.h"
#include "pictures/fit.h"
#include "pictures/jpeg_markers.h"

#include <cstring>
#include <turbojpeg.h>

namespace image {
namespace {

/// A decompressor that ends itself.
struct Decompressor {
  tjhandle handle = tjInitDecompress();
  Decompressor() = default;
  Decompressor(const Decompressor &) = delete;
  ~Decompressor() {
    if (handle)
      tjDestroy(handle);
  }
};

constexpr int scaled(int size, int divisor) { return (size + divisor - 1) / divisor; }

/// The decoder makes a picture smaller on the way for less than nothing: by 2, 4 and 8, as long as at least the pixels
/// remain that the result has. Its other fractions cost more than decoding everything.
int divisorFor(const Window &window) {
  int divisor = 8;
  while (divisor > 1 && (window.width / divisor < window.toWidth || window.height / divisor < window.toHeight))
    divisor /= 2;
  return divisor;
}

/// Ink to light, as CMYK of Adobe's has it, inverted: what is 255 has no ink. Without its profile there is no better
/// rule.
void cmykToRgb(Picture &picture) {
  uint8_t *pixel = picture.pixels.get();
  for (size_t left = picture.stride() / 4 * static_cast<size_t>(picture.height); left > 0; --left, pixel += 4) {
    for (int i = 0; i < 3; ++i)
      pixel[i] = static_cast<uint8_t>((pixel[i] * pixel[3] + 127) / 255);
    pixel[3] = 255;
  }
}

/// Some warnings are about what does no harm. That the file ends too early is none of those.
bool isWhole(tjhandle handle) {
  return tjGetErrorCode(handle) == TJERR_WARNING && !strstr(tjGetErrorStr2(handle), "remature end");
}

} // namespace

int decodeJpeg(const uint8_t *bytes, size_t size, const Order &order, Picture &picture) {
  const Decompressor jpeg;
  int subsampling, space;
  if (!jpeg.handle)
    return 503;
  if (tjDecompressHeader3(jpeg.handle, bytes, size, &picture.fullWidth, &picture.fullHeight, &subsampling, &space) != 0)
    return 422;
  if (const int status = checkPixels(picture.fullWidth, picture.fullHeight))
    return status;
  JpegMarkers markers = readJpegMarkers(bytes, size);
  const bool isCmyk = space == TJCS_CMYK || space == TJCS_YCCK;
  picture.format = Format::Jpeg;
  picture.orientation = markers.orientation;
  picture.profile = std::move(markers.profile);
  const Window window = fitInto(order, picture.fullWidth, picture.fullHeight, picture.orientation);
  const int divisor = divisorFor(window);
  picture.allocate(scaled(picture.fullWidth, divisor), scaled(picture.fullHeight, divisor));
  // A file may ask for a picture to be gone over without end; LIMITSCANS refuses that.
  const int failed = tjDecompress2(jpeg.handle, bytes, size, picture.pixels.get(), picture.width, 0, picture.height,
                                   isCmyk ? TJPF_CMYK : TJPF_RGBA, TJFLAG_LIMITSCANS);
  if (failed && !isWhole(jpeg.handle))
    return 422;
  if (isCmyk)
    cmykToRgb(picture);
  return 0;
}

} // namespace image
