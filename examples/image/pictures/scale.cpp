// scale.cpp - Lanczos' filter, first along the columns and then along the rows. Everything is in floating point and is
// rounded once. The loops that count go over whole rows, or the four channels of a pixel, which compilers make vectors
// of.
#include "pictures/scale.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace image {
namespace {

/// How one side of a picture becomes another length: each pixel of the result is a weighted sum of some in a row.
struct Filter {
  int taps;                   ///< the most that one has
  std::vector<int> first;     ///< for each pixel of the result
  std::vector<float> weights; ///< `taps` for each, which add up to 1

  const float *of(int index) const { return weights.data() + static_cast<size_t>(index) * static_cast<size_t>(taps); }
};

double lanczos(double x) {
  constexpr double lobes = 3, pi = 3.14159265358979323846;
  if (std::abs(x) < 1e-9)
    return 1;
  if (std::abs(x) >= lobes)
    return 0;
  return lobes * std::sin(pi * x) * std::sin(pi * x / lobes) / (pi * pi * x * x);
}

/// From `length` of the `from` pixels, from `start` on, to `to` pixels.
Filter makeFilter(double start, double length, int from, int to) {
  const double step = length / to, stretch = std::max(step, 1.0), reach = 3 * stretch;
  Filter filter;
  filter.taps = std::min(from, static_cast<int>(std::ceil(2 * reach)) + 1);
  filter.first.resize(static_cast<size_t>(to));
  filter.weights.resize(static_cast<size_t>(to) * static_cast<size_t>(filter.taps));
  for (int i = 0; i < to; ++i) {
    const double centre = start + (i + 0.5) * step - 0.5;
    const int first = std::clamp(static_cast<int>(std::ceil(centre - reach)), 0, from - filter.taps);
    float *weights = filter.weights.data() + static_cast<size_t>(i) * static_cast<size_t>(filter.taps);
    double sum = 0;
    for (int tap = 0; tap < filter.taps; ++tap)
      sum += lanczos((first + tap - centre) / stretch);
    for (int tap = 0; tap < filter.taps; ++tap)
      weights[tap] = static_cast<float>(lanczos((first + tap - centre) / stretch) / sum);
    filter.first[static_cast<size_t>(i)] = first;
  }
  return filter;
}

/// Adds `weight` times a row of bytes.
void addRow(float *__restrict sum, const uint8_t *__restrict row, size_t count, float weight) {
  for (size_t i = 0; i < count; ++i)
    sum[i] += weight * static_cast<float>(row[i]);
}

/// The same for a row with alpha: its colours count as far as they are to be seen.
void addVisible(float *__restrict sum, const uint8_t *__restrict row, size_t count, float weight) {
  for (size_t i = 0; i < count; i += 4) {
    const float alpha = weight * static_cast<float>(row[i + 3]);
    for (size_t c = 0; c < 3; ++c)
      sum[i + c] += alpha * static_cast<float>(row[i + c]) * (1 / 255.f);
    sum[i + 3] += alpha;
  }
}

uint8_t toByte(float value) { return static_cast<uint8_t>(std::clamp(value + 0.5f, 0.f, 255.f)); }

void store(const float *sums, bool hasAlpha, uint8_t *pixel) {
  if (!hasAlpha) {
    for (int c = 0; c < 4; ++c)
      pixel[c] = toByte(sums[c]);
    return;
  }
  const float seen = sums[3] > 0.5f ? 255.f / std::min(sums[3], 255.f) : 0;
  for (int c = 0; c < 3; ++c)
    pixel[c] = toByte(sums[c] * seen);
  pixel[3] = toByte(sums[3]);
}

void filterRow(const Filter &filter, const float *row, bool hasAlpha, int width, uint8_t *out) {
  for (int x = 0; x < width; ++x, out += 4) {
    const float *weights = filter.of(x), *pixel = row + static_cast<size_t>(filter.first[static_cast<size_t>(x)]) * 4;
    float sums[4] = {};
    for (int tap = 0; tap < filter.taps; ++tap, pixel += 4)
      for (int c = 0; c < 4; ++c)
        sums[c] += weights[tap] * pixel[c];
    store(sums, hasAlpha, out);
  }
}

} // namespace

void scale(const Window &window, Picture &picture) {
  const double perColumn = double(picture.width) / picture.fullWidth,
               perRow = double(picture.height) / picture.fullHeight;
  const Filter columns = makeFilter(window.left * perColumn, window.width * perColumn, picture.width, window.toWidth);
  const Filter rows = makeFilter(window.top * perRow, window.height * perRow, picture.height, window.toHeight);
  const int side = window.toWidth;
  std::unique_ptr<uint8_t[]> result(new uint8_t[static_cast<size_t>(side) * 4 * static_cast<size_t>(window.toHeight)]);
  std::vector<float> sum(picture.stride());
  const auto add = picture.hasAlpha ? addVisible : addRow;
  for (int y = 0; y < window.toHeight; ++y) {
    std::fill(sum.begin(), sum.end(), 0.f);
    const int first = rows.first[static_cast<size_t>(y)];
    for (int tap = 0; tap < rows.taps; ++tap)
      if (rows.of(y)[tap] != 0)
        add(sum.data(), picture.row(first + tap), sum.size(), rows.of(y)[tap]);
    filterRow(columns, sum.data(), picture.hasAlpha, side,
              result.get() + static_cast<size_t>(y) * static_cast<size_t>(side) * 4);
  }
  picture.pixels = std::move(result);
  picture.width = window.toWidth;
  picture.height = window.toHeight;
}

} // namespace image
