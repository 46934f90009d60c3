/// histogram_test.cpp - how far the histogram's quantiles are from the exact ones.
#include "core/counting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <thread>
#include <vector>

using flux::Histogram;

namespace {

std::unique_ptr<Histogram> makeEmpty() { return std::make_unique<Histogram>(); }

/// Holds all that the class promises against the values themselves.
void expectRight(std::vector<uint64_t> values, unsigned step = 1) {
  auto histogram = makeEmpty();
  uint64_t sum = 0;
  for (const uint64_t value : values) {
    histogram->record(value);
    sum += value;
  }
  std::sort(values.begin(), values.end());
  EXPECT_EQ(histogram->count(), values.size());
  EXPECT_EQ(histogram->mean(), sum / values.size());
  EXPECT_EQ(histogram->max(), values.back());
  for (unsigned perMille = 0; perMille <= 1000; perMille += step) {
    const size_t rank = std::max<size_t>((values.size() * perMille + 999) / 1000, 1);
    const uint64_t exact = values[rank - 1];
    const uint64_t found = histogram->quantile(perMille);
    EXPECT_LE(std::max(exact, found) - std::min(exact, found), exact / 32) << perMille << " of 1000: " << exact;
  }
}

template <typename Distribution> std::vector<uint64_t> draw(Distribution distribution) {
  std::mt19937_64 random(42);
  std::vector<uint64_t> values(2000);
  for (uint64_t &value : values)
    value = static_cast<uint64_t>(distribution(random));
  return values;
}

// The error holds whatever the values are: evenly spread, in a long tail, in two heaps far apart, over all magnitudes.
TEST(HistogramTest, QuantilesOfDistributions) {
  expectRight(draw(std::uniform_int_distribution<uint64_t>(0, 1000000)));
  expectRight(draw(std::exponential_distribution<double>(1e-6)));
  expectRight(draw(std::lognormal_distribution<double>(12, 3)));
  expectRight(draw(
      [](std::mt19937_64 &random) { return random() % 100 ? 20000 + random() % 100 : 3000000000 + random() % 7; }));
  expectRight(draw([](std::mt19937_64 &random) { return (uint64_t(1) << 47) >> random() % 48; }));
}

// Every boundary of a bucket, and its neighbours, one value at a time.
TEST(HistogramTest, SingleValues) {
  for (unsigned bit = 0; bit < 48; ++bit)
    for (uint64_t part = 0; part < 16; ++part)
      for (int64_t beside : {-1, 0, 1}) {
        const uint64_t value = (uint64_t(1) << bit) + ((part << bit) >> 4) + static_cast<uint64_t>(beside);
        expectRight({value}, 500);
      }
}

// Where nothing has been recorded, all is 0.
TEST(HistogramTest, Empty) {
  auto histogram = makeEmpty();
  EXPECT_EQ(histogram->count() + histogram->mean() + histogram->quantile(500) + histogram->max(), 0u);
}

// What is too large for a bucket of its own counts in the last, and is the maximum all the same.
TEST(HistogramTest, LargestValues) {
  auto histogram = makeEmpty();
  histogram->record(UINT64_MAX);
  histogram->record(uint64_t(1) << 48);
  EXPECT_EQ(histogram->count(), 2u);
  EXPECT_EQ(histogram->max(), UINT64_MAX);
  EXPECT_GE(histogram->quantile(500), uint64_t(1) << 47);
}

// Those of several threads add up to what one would have counted, and may be looked at while they are written.
TEST(HistogramTest, MergesWhileOthersRecord) {
  constexpr uint64_t kEach = 20000;
  std::vector<std::unique_ptr<Histogram>> parts;
  std::vector<std::thread> threads;
  for (uint64_t part = 0; part < 3; ++part)
    parts.push_back(makeEmpty());
  for (uint64_t part = 0; part < 3; ++part)
    threads.emplace_back([&, part] {
      for (uint64_t i = 0; i < kEach; ++i)
        parts[part]->record(i * 3 + part);
    });
  const auto merged = [&] {
    auto total = makeEmpty();
    for (const auto &part : parts)
      total->add(*part);
    return total;
  };
  for (uint64_t seen = 0; seen < 3 * kEach;) {
    const uint64_t now = merged()->count();
    ASSERT_GE(now, seen);
    seen = now;
  }
  for (std::thread &thread : threads)
    thread.join();
  auto whole = makeEmpty();
  for (uint64_t i = 0; i < 3 * kEach; ++i)
    whole->record(i);
  for (unsigned perMille = 0; perMille <= 1000; ++perMille)
    EXPECT_EQ(merged()->quantile(perMille), whole->quantile(perMille));
  EXPECT_EQ(merged()->mean(), whole->mean());
  EXPECT_EQ(merged()->max(), whole->max());
}

} // namespace
