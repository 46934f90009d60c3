// orientation.h - how a camera was held.
#ifndef IMAGE_PICTURES_ORIENTATION_H
#define IMAGE_PICTURES_ORIENTATION_H

#include "pictures/picture.h"

#include <cstddef>
#include <cstdint>

namespace image {

/// The orientation that EXIF data tell, from their TIFF header on: 1 to 8, 1 if they tell none.
int exifOrientation(const uint8_t *tiff, size_t size);

/// Whether what was wide is high when the picture is upright.
constexpr bool swapsSides(int orientation) { return orientation >= 5; }

/// Turns and mirrors a picture until it is upright.
void makeUpright(Picture &picture);

} // namespace image

#endif // IMAGE_PICTURES_ORIENTATION_H
