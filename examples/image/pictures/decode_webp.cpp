// decode_webp.cpp - WebP, but for moving pictures.
#include "pictures/decode.h"
#include "pictures/orientation.h"

#include <webp/decode.h>
#include <webp/demux.h>

namespace image {
namespace {

/// EXIF and ICC, which only a file of the extended kind has.
void readChunks(const uint8_t *bytes, size_t size, Picture &picture) {
  const WebPData data = {bytes, size};
  WebPDemuxer *file = WebPDemux(&data);
  if (!file)
    return;
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(file, "ICCP", 1, &chunk))
    picture.profile.assign(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  if (WebPDemuxGetChunk(file, "EXIF", 1, &chunk))
    picture.orientation = exifOrientation(chunk.chunk.bytes, chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  WebPDemuxDelete(file);
}

} // namespace

int decodeWebp(const uint8_t *bytes, size_t size, Picture &picture) {
  WebPBitstreamFeatures head;
  if (WebPGetFeatures(bytes, size, &head) != VP8_STATUS_OK)
    return 422;
  if (head.has_animation)
    return 415;
  if (const int status = checkPixels(head.width, head.height))
    return status;
  picture.format = Format::Webp;
  picture.hasAlpha = head.has_alpha;
  picture.allocate(head.width, head.height);
  picture.fullWidth = picture.width;
  picture.fullHeight = picture.height;
  const size_t room = picture.stride() * static_cast<size_t>(picture.height);
  if (!WebPDecodeRGBAInto(bytes, size, picture.pixels.get(), room, static_cast<int>(picture.stride())))
    return 422;
  readChunks(bytes, size, picture);
  return 0;
}

} // namespace image
