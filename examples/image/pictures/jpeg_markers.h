// jpeg_markers.h - what a JPEG file says beside its pixels.
#ifndef IMAGE_PICTURES_JPEG_MARKERS_H
#define IMAGE_PICTURES_JPEG_MARKERS_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace image {

struct JpegMarkers {
  int orientation = 1;
  std::vector<uint8_t> profile; ///< of ICC, put together of its parts; empty if one is missing
};

/// Reads the markers in front of the pixels. What is broken is left out: the decoder will see it.
JpegMarkers readJpegMarkers(const uint8_t *bytes, size_t size);

/// Appends a profile as markers, in parts of what one may have.
void appendProfileMarkers(const std::vector<uint8_t> &profile, std::vector<uint8_t> &out);

} // namespace image

#endif // IMAGE_PICTURES_JPEG_MARKERS_H
