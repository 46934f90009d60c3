// fit.h - which part of a picture becomes how large.
#ifndef IMAGE_PICTURES_FIT_H
#define IMAGE_PICTURES_FIT_H

#include "request/order.h"

namespace image {

/// The part of a picture that is shown, in its pixels, and the size of the result.
struct Window {
  double left, top, width, height;
  int toWidth, toHeight;
};

/// What an order makes of a picture of that size, before it is upright. Nothing is enlarged: what is smaller than the
/// box stays as it is, and to cover it, the box shrinks in proportion.
Window fitInto(const Order &order, int width, int height, int orientation);

} // namespace image

#endif // IMAGE_PICTURES_FIT_H
