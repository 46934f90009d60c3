/// timers_test.cpp - deadlines expire in order, whatever is added and removed.
#include "poll/timers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace flux;

namespace {

TEST(TimersTest, Empty) {
  Timers timers;
  Timer never;
  EXPECT_EQ(timers.earliest(), UINT64_MAX);
  EXPECT_EQ(timers.takeExpired(UINT64_MAX), nullptr);
  timers.remove(never);
}

// Nothing expires early.
TEST(TimersTest, ExpiresAtItsTime) {
  Timers timers;
  Timer timer;
  timers.add(timer, 10);
  EXPECT_EQ(timers.earliest(), 10u);
  EXPECT_EQ(timers.takeExpired(9), nullptr);
  EXPECT_EQ(timers.takeExpired(10), &timer);
  EXPECT_EQ(timers.takeExpired(10), nullptr);
}

// Compared with a sorted list, over many random additions, removals and expiries.
TEST(TimersTest, BehavesAsASortedList) {
  std::mt19937 random(1);
  Timers timers;
  std::vector<Timer> all(500);
  std::vector<Timer *> queued;
  uint64_t now = 0;
  for (int step = 0; step < 50000; ++step) {
    Timer &timer = all[random() % all.size()];
    if (timer.queued && random() % 2) {
      timers.remove(timer);
      queued.erase(std::find(queued.begin(), queued.end(), &timer));
    } else if (!timer.queued) {
      timers.add(timer, now + random() % 1000);
      queued.push_back(&timer);
    }
    if (random() % 8 == 0) {
      now += random() % 20;
      while (Timer *expired = timers.takeExpired(now)) {
        for (const Timer *other : queued)
          ASSERT_GE(other->when, expired->when);
        ASSERT_FALSE(expired->queued);
        queued.erase(std::find(queued.begin(), queued.end(), expired));
      }
      for (const Timer *other : queued)
        ASSERT_GT(other->when, now);
    }
  }
  EXPECT_GT(queued.size(), 0u);
}

} // namespace
