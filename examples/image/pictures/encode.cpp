// encode.cpp - which encoder it takes.
#include "pictures/encode.h"

namespace image {

int encode(const Picture &picture, int quality, bool takesWebp, Encoded &encoded) {
  bool isRight;
  if (takesWebp) {
    encoded.type = "image/webp";
    isRight = encodeWebp(picture, quality, encoded.bytes);
  } else if (picture.hasAlpha || picture.format == Format::Png) {
    encoded.type = "image/png";
    isRight = encodePng(picture, encoded.bytes);
  } else {
    encoded.type = "image/jpeg";
    isRight = encodeJpeg(picture, quality, encoded.bytes);
  }
  return isRight ? 0 : 503;
}

} // namespace image
