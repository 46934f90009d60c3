// encode_webp.cpp - WebP.
#include "pictures/encode.h"

#include <webp/encode.h>
#include <webp/mux.h>

namespace image {
namespace {

/// Puts a profile into a file that has none. False without memory.
bool addProfile(const std::vector<uint8_t> &profile, const uint8_t *data, size_t size, std::vector<uint8_t> &bytes) {
  WebPMux *file = WebPMuxNew();
  const WebPData picture = {data, size}, chunk = {profile.data(), profile.size()};
  WebPData whole = {};
  const bool isRight = file && WebPMuxSetImage(file, &picture, 0) == WEBP_MUX_OK &&
                       WebPMuxSetChunk(file, "ICCP", &chunk, 0) == WEBP_MUX_OK &&
                       WebPMuxAssemble(file, &whole) == WEBP_MUX_OK;
  if (isRight)
    bytes.assign(whole.bytes, whole.bytes + whole.size);
  WebPDataClear(&whole);
  WebPMuxDelete(file);
  return isRight;
}

} // namespace

bool encodeWebp(const Picture &picture, int quality, std::vector<uint8_t> &bytes) {
  uint8_t *data = nullptr;
  // Alpha that is 255 throughout is left out by the library.
  const size_t size = WebPEncodeRGBA(picture.pixels.get(), picture.width, picture.height,
                                     static_cast<int>(picture.stride()), static_cast<float>(quality), &data);
  bool isRight = size > 0;
  if (isRight && picture.profile.empty())
    bytes.assign(data, data + size);
  else if (isRight)
    isRight = addProfile(picture.profile, data, size, bytes);
  WebPFree(data);
  return isRight;
}

} // namespace image
