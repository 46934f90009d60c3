// decode_png.cpp - PNG.
#include "pictures/decode.h"
#include "pictures/orientation.h"

#include <spng.h>

namespace image {
namespace {

/// A decoder that ends itself.
struct Decoder {
  spng_ctx *context = spng_ctx_new(0);
  Decoder() = default;
  Decoder(const Decoder &) = delete;
  ~Decoder() { spng_ctx_free(context); }
};

/// What texts, profiles and the like may take, each and together, however much they were before they were packed.
constexpr size_t maxChunk = 4 << 20, maxChunks = 16 << 20;

bool hasAlpha(spng_ctx *png, const spng_ihdr &head) {
  spng_trns unused;
  return head.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA || head.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA ||
         spng_get_trns(png, &unused) == 0;
}

} // namespace

int decodePng(const uint8_t *bytes, size_t size, Picture &picture) {
  const Decoder png;
  spng_ihdr head;
  if (!png.context)
    return 503;
  spng_set_chunk_limits(png.context, maxChunk, maxChunks);
  if (spng_set_png_buffer(png.context, bytes, size) != 0 || spng_get_ihdr(png.context, &head) != 0)
    return 422;
  if (const int status = checkPixels(head.width, head.height))
    return status;
  picture.format = Format::Png;
  picture.hasAlpha = hasAlpha(png.context, head);
  picture.allocate(static_cast<int>(head.width), static_cast<int>(head.height));
  picture.fullWidth = picture.width;
  picture.fullHeight = picture.height;
  const size_t room = picture.stride() * static_cast<size_t>(picture.height);
  if (spng_decode_image(png.context, picture.pixels.get(), room, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS) != 0)
    return 422;
  spng_iccp profile;
  if (spng_get_iccp(png.context, &profile) == 0)
    picture.profile.assign(profile.profile, profile.profile + profile.profile_len);
  spng_exif exif;
  if (spng_get_exif(png.context, &exif) == 0)
    picture.orientation = exifOrientation(reinterpret_cast<const uint8_t *>(exif.data), exif.length);
  return 0;
}

} // namespace image
