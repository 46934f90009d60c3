// scale.h - fewer pixels.
#ifndef IMAGE_PICTURES_SCALE_H
#define IMAGE_PICTURES_SCALE_H

#include "pictures/fit.h"
#include "pictures/picture.h"

namespace image {

/// Replaces a picture by what `window` shows of it, by Lanczos' filter of three lobes. `window` is in pixels of the
/// full picture. Colours are weighted by how much of them is to be seen, so that transparent ones do not bleed.
void scale(const Window &window, Picture &picture);

} // namespace image

#endif // IMAGE_PICTURES_SCALE_H
