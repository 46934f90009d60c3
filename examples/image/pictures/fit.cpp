// fit.cpp - boxes, and pictures that fit into them.
#include "pictures/fit.h"
#include "pictures/orientation.h"

#include <algorithm>
#include <cmath>

namespace image {
namespace {

int rounded(double size) { return std::max(1, static_cast<int>(std::lround(size))); }

} // namespace

Window fitInto(const Order &order, int width, int height, int orientation) {
  const bool swaps = swapsSides(orientation);
  const double boxWidth = swaps ? order.height : order.width, boxHeight = swaps ? order.width : order.height;
  const double byWidth = (boxWidth > 0 ? boxWidth : maxSide) / width;
  const double byHeight = (boxHeight > 0 ? boxHeight : maxSide) / height;
  if (order.fit == Fit::Contain) {
    const double factor = std::min({byWidth, byHeight, 1.0});
    return {0, 0, double(width), double(height), rounded(width * factor), rounded(height * factor)};
  }
  const double factor = std::max(byWidth, byHeight);
  const double shownWidth = boxWidth / factor, shownHeight = boxHeight / factor;
  const double shrink = std::min(factor, 1.0) / factor; // of the box, where it is larger than the picture
  return {(width - shownWidth) / 2,   (height - shownHeight) / 2, shownWidth, shownHeight,
          rounded(boxWidth * shrink), rounded(boxHeight * shrink)};
}

} // namespace image
