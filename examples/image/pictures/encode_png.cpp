// encode_png.cpp - PNG.
#include "pictures/encode.h"

#include <cstdlib>
#include <cstring>
#include <spng.h>

namespace image {
namespace {

/// An encoder that ends itself.
struct Encoder {
  spng_ctx *context = spng_ctx_new(SPNG_CTX_ENCODER);
  Encoder() = default;
  Encoder(const Encoder &) = delete;
  ~Encoder() { spng_ctx_free(context); }
};

/// The pixels without their last byte each.
std::vector<uint8_t> withoutAlpha(const Picture &picture) {
  const size_t count = picture.stride() / 4 * static_cast<size_t>(picture.height);
  std::vector<uint8_t> packed(count * 3);
  for (size_t i = 0; i < count; ++i)
    memcpy(&packed[i * 3], picture.pixels.get() + i * 4, 3);
  return packed;
}

bool setHead(spng_ctx *png, const Picture &picture) {
  spng_ihdr head = {};
  head.width = static_cast<uint32_t>(picture.width);
  head.height = static_cast<uint32_t>(picture.height);
  head.bit_depth = 8;
  head.color_type = picture.hasAlpha ? SPNG_COLOR_TYPE_TRUECOLOR_ALPHA : SPNG_COLOR_TYPE_TRUECOLOR;
  if (spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1) != 0 || spng_set_ihdr(png, &head) != 0)
    return false;
  if (picture.profile.empty())
    return true;
  spng_iccp profile = {};
  strcpy(profile.profile_name, "ICC");
  profile.profile = reinterpret_cast<char *>(const_cast<uint8_t *>(picture.profile.data())); // it is only read
  profile.profile_len = picture.profile.size();
  return spng_set_iccp(png, &profile) == 0;
}

} // namespace

bool encodePng(const Picture &picture, std::vector<uint8_t> &bytes) {
  const Encoder png;
  if (!png.context || !setHead(png.context, picture))
    return false;
  const std::vector<uint8_t> packed = picture.hasAlpha ? std::vector<uint8_t>() : withoutAlpha(picture);
  const uint8_t *pixels = picture.hasAlpha ? picture.pixels.get() : packed.data();
  const size_t size = picture.stride() / 4 * static_cast<size_t>(picture.height) * (picture.hasAlpha ? 4 : 3);
  if (spng_encode_image(png.context, pixels, size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE) != 0)
    return false;
  size_t length;
  int error;
  void *buffer = spng_get_png_buffer(png.context, &length, &error);
  if (!buffer)
    return false;
  const auto *data = static_cast<const uint8_t *>(buffer);
  bytes.assign(data, data + length);
  free(buffer);
  return true;
}

} // namespace image
