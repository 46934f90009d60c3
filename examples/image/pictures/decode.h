// decode.h - from the bytes of a file to a picture.
#ifndef IMAGE_PICTURES_DECODE_H
#define IMAGE_PICTURES_DECODE_H

#include "pictures/picture.h"
#include "request/order.h"

#include <cstddef>
#include <cstdint>

namespace image {

/// Pictures of more pixels are not decoded. Before the first is.
void setMaxPixels(int64_t pixels);

/// Decodes a file of whatever format, as small as what `order` asks for allows. Memory is taken once its head is known
/// to be within the limit. Returns 0 or an HTTP status: 413 for too many pixels, 415 for a format that is not known,
/// 422 for a file that is broken.
int decode(const uint8_t *bytes, size_t size, const Order &order, Picture &picture);

// The formats, for decode().

/// 0, or 413 for more pixels than the limit.
int checkPixels(int64_t width, int64_t height);

int decodeJpeg(const uint8_t *bytes, size_t size, const Order &order, Picture &picture);
int decodePng(const uint8_t *bytes, size_t size, Picture &picture);
int decodeWebp(const uint8_t *bytes, size_t size, Picture &picture);

} // namespace image

#endif // IMAGE_PICTURES_DECODE_H
