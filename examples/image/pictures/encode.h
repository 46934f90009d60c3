// encode.h - from a picture to bytes that are sent.
#ifndef IMAGE_PICTURES_ENCODE_H
#define IMAGE_PICTURES_ENCODE_H

#include "pictures/picture.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace image {

struct Encoded {
  std::vector<uint8_t> bytes;
  const char *type = nullptr; ///< its media type
};

/// Encodes a picture, with its profile. WebP where the client takes it; else PNG where the original was that or where
/// something is transparent, and JPEG. Returns 0 or an HTTP status: 500, 503.
int encode(const Picture &picture, int quality, bool takesWebp, Encoded &encoded);

// The formats, for encode(). False if the library fails.

bool encodeJpeg(const Picture &picture, int quality, std::vector<uint8_t> &bytes);
bool encodePng(const Picture &picture, std::vector<uint8_t> &bytes);
bool encodeWebp(const Picture &picture, int quality, std::vector<uint8_t> &bytes);

} // namespace image

#endif // IMAGE_PICTURES_ENCODE_H
