// encode_jpeg.cpp - JPEG, with half the colour in both directions, as everybody does.
#include "pictures/encode.h"
#include "pictures/jpeg_markers.h"

#include <turbojpeg.h>

namespace image {
namespace {

constexpr size_t startAndJfif = 2 + 18; // what stands first, and a profile comes behind

} // namespace

bool encodeJpeg(const Picture &picture, int quality, std::vector<uint8_t> &bytes) {
  const tjhandle jpeg = tjInitCompress();
  if (!jpeg)
    return false;
  unsigned char *data = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(jpeg, picture.pixels.get(), picture.width, 0, picture.height, TJPF_RGBX, &data, &size,
                                 TJSAMP_420, quality, 0);
  tjDestroy(jpeg);
  if (!failed && size > startAndJfif) {
    bytes.assign(data, data + startAndJfif);
    appendProfileMarkers(picture.profile, bytes);
    bytes.insert(bytes.end(), data + startAndJfif, data + size);
  }
  tjFree(data);
  return !failed;
}

} // namespace image
