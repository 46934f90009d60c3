// jpeg_markers.cpp - EXIF and ICC in JPEG.
#include "pictures/jpeg_markers.h"
#include "pictures/orientation.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace image {
namespace {

constexpr uint8_t app1 = 0xe1, app2 = 0xe2, startOfScan = 0xda, endOfImage = 0xd9;
constexpr char exifName[] = "Exif\0"; // and a zero more
constexpr char profileName[] = "ICC_PROFILE";

/// The parts of a profile by their numbers, which begin at 1.
using Parts = std::map<int, std::vector<uint8_t>>;

void readPart(const uint8_t *data, size_t size, Parts &parts, int &count) {
  constexpr size_t head = sizeof profileName + 2;
  if (size < head || memcmp(data, profileName, sizeof profileName) != 0)
    return;
  count = data[head - 1];
  parts[data[head - 2]].assign(data + head, data + size);
}

std::vector<uint8_t> join(const Parts &parts, int count) {
  std::vector<uint8_t> profile;
  int expected = 1;
  for (const auto &[number, part] : parts) {
    if (number != expected++)
      return {};
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return expected == count + 1 ? profile : std::vector<uint8_t>();
}

} // namespace

JpegMarkers readJpegMarkers(const uint8_t *bytes, size_t size) {
  JpegMarkers markers;
  Parts parts;
  int count = 0;
  for (size_t at = 2; at + 4 <= size && bytes[at] == 0xff;) {
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xff) { // padding
      ++at;
      continue;
    }
    if (marker == startOfScan || marker == endOfImage)
      break;
    const size_t length = static_cast<size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
    if (length < 2 || at + 2 + length > size)
      break;
    const uint8_t *data = bytes + at + 4;
    if (marker == app1 && length - 2 >= sizeof exifName && memcmp(data, exifName, sizeof exifName) == 0)
      markers.orientation = exifOrientation(data + sizeof exifName, length - 2 - sizeof exifName);
    else if (marker == app2)
      readPart(data, length - 2, parts, count);
    at += 2 + length;
  }
  markers.profile = join(parts, count);
  return markers;
}

void appendProfileMarkers(const std::vector<uint8_t> &profile, std::vector<uint8_t> &out) {
  constexpr size_t head = 2 + sizeof profileName + 2, most = 65535 - head;
  const size_t count = (profile.size() + most - 1) / most;
  for (size_t i = 0; i < count && count <= 255; ++i) {
    const size_t size = std::min(most, profile.size() - i * most);
    out.insert(out.end(), {0xff, app2, static_cast<uint8_t>((head + size) >> 8), static_cast<uint8_t>(head + size)});
    out.insert(out.end(), profileName, profileName + sizeof profileName);
    out.insert(out.end(), {static_cast<uint8_t>(i + 1), static_cast<uint8_t>(count)});
    out.insert(out.end(), profile.begin() + static_cast<ptrdiff_t>(i * most),
               profile.begin() + static_cast<ptrdiff_t>(i * most + size));
  }
}

} // namespace image
