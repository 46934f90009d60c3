// decode.cpp - which decoder it takes.
#include "pictures/decode.h"

#include <cstring>

namespace image {
namespace {

int64_t maxPixels = 40'000'000;

bool beginsWith(const uint8_t *bytes, size_t size, const char *magic, size_t length) {
  return size >= length && memcmp(bytes, magic, length) == 0;
}

int decodeAny(const uint8_t *bytes, size_t size, const Order &order, Picture &picture) {
  if (beginsWith(bytes, size, "\xff\xd8\xff", 3))
    return decodeJpeg(bytes, size, order, picture);
  if (beginsWith(bytes, size, "\x89PNG\r\n\x1a\n", 8))
    return decodePng(bytes, size, picture);
  if (beginsWith(bytes, size, "RIFF", 4) && size >= 12 && memcmp(bytes + 8, "WEBP", 4) == 0)
    return decodeWebp(bytes, size, picture);
  return 415;
}

/// Results are of red, green and blue: the profile of a grey picture, or of one for print, says nothing about them.
bool isForRgb(const std::vector<uint8_t> &profile) {
  constexpr size_t head = 128, space = 16;
  return profile.size() > head && memcmp(&profile[space], "RGB ", 4) == 0;
}

} // namespace

void setMaxPixels(int64_t pixels) { maxPixels = pixels; }

int checkPixels(int64_t width, int64_t height) {
  return width > 0 && height > 0 && width <= maxPixels && height <= maxPixels / width ? 0 : 413;
}

int decode(const uint8_t *bytes, size_t size, const Order &order, Picture &picture) {
  const int status = decodeAny(bytes, size, order, picture);
  if (!isForRgb(picture.profile))
    picture.profile.clear();
  return status;
}

} // namespace image
