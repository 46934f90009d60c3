/// snapshot_parts_test.cpp - the small parts that a snapshot is made of.
#include "core/last_error.h"
#include "core/os/clock.h"
#include "core/server/rates.h"
#include "core/text.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace flux;

namespace {

uint64_t flowsNow[2];
uint64_t flowsOf(uint64_t source) { return flowsNow[source]; }

struct RatesTest : testing::Test {
  void SetUp() override {
    ASSERT_TRUE(rates.open(2, kStart));
    flowsNow[0] = flowsNow[1] = 0;
  }
  /// Notes these counts if it is time for it.
  void note(uint64_t ns, uint64_t first, uint64_t second) {
    flowsNow[0] = first;
    flowsNow[1] = second;
    if (rates.isDue(ns))
      rates.note(ns, flowsOf);
  }
  /// Expects that the note to compare with at `ns` is this one.
  void expectBefore(uint64_t ns, uint64_t noted, uint64_t first, uint64_t second) {
    uint64_t found = 0, counts[2] = {};
    ASSERT_TRUE(rates.before(ns, found, counts));
    EXPECT_EQ(found, noted);
    EXPECT_EQ(counts[0], first);
    EXPECT_EQ(counts[1], second);
  }

  static constexpr uint64_t kStart = 1000 * kNsPerSecond;
  Rates rates;
};

// Before anything is noted, a rate is that since the start.
TEST_F(RatesTest, SinceTheStart) {
  expectBefore(kStart + 5, kStart, 0, 0);
  expectBefore(kStart + 500 * kNsPerSecond, kStart, 0, 0);
}

// It goes back to the latest note that is a second old, and never less far.
TEST_F(RatesTest, GoesBackASecond) {
  note(kStart + kNsPerSecond, 10, 100);
  expectBefore(kStart + kNsPerSecond + 1, kStart, 0, 0);
  expectBefore(kStart + 2 * kNsPerSecond, kStart + kNsPerSecond, 10, 100);
  note(kStart + 2 * kNsPerSecond, 30, 300);
  expectBefore(kStart + 2 * kNsPerSecond + 1, kStart + kNsPerSecond, 10, 100);
  expectBefore(kStart + 9 * kNsPerSecond, kStart + 2 * kNsPerSecond, 30, 300);
}

// Whoever wakes the main thread often does not shorten the time.
TEST_F(RatesTest, NotesOnceASecond) {
  note(kStart + kNsPerSecond, 10, 100);
  note(kStart + kNsPerSecond + kNsPerSecond / 2, 20, 200);
  note(kStart + 2 * kNsPerSecond - 1, 30, 300);
  expectBefore(kStart + 3 * kNsPerSecond, kStart + kNsPerSecond, 10, 100);
}

// A failure that is noted is one whole, whoever looks when.
TEST(LastErrorTest, IsWhole) {
  LastError last;
  Failure failure = {};
  EXPECT_FALSE(last.get(failure));
  std::thread writer([&] {
    for (int32_t i = 1; i <= 100000; ++i)
      last.set({uint64_t(i), i, -i, i});
  });
  do {
    if (!last.get(failure))
      continue;
    ASSERT_EQ(failure.function, static_cast<int32_t>(failure.ns));
    ASSERT_EQ(failure.error, -failure.function);
    ASSERT_EQ(failure.source, failure.function);
  } while (failure.ns < 100000);
  writer.join();
}

// One whose writer has died while it wrote is none, and the next is whole again.
TEST(LastErrorTest, OutlivesItsWriter) {
  auto *last = static_cast<LastError *>(
      mmap(nullptr, sizeof(LastError), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  for (int round = 1; round <= 50; ++round) {
    const pid_t child = fork();
    if (child == 0)
      for (int32_t i = 1;; ++i)
        last->set({uint64_t(i), i, -i, i});
    usleep(500);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    Failure failure;
    if (last->get(failure)) {
      ASSERT_EQ(failure.error, -failure.function);
    }
    last->set({7, 2, -2, 2});
    ASSERT_TRUE(last->get(failure));
    ASSERT_EQ(failure.error, -2);
  }
  munmap(last, sizeof(LastError));
}

// What does not fit is counted and left out, wherever it comes to an end.
TEST(TextTest, CountsWhatDoesNotFit) {
  for (size_t size = 0; size <= 12; ++size) {
    char buffer[16];
    memset(buffer, '#', sizeof buffer);
    Text text(buffer, size);
    text.add("%d", 123);
    text.put('-');
    text.add("%s", "abc");
    text.put('.');
    EXPECT_EQ(text.length(), 8u);
    const std::string whole = "123-abc.";
    if (size > 0) {
      EXPECT_EQ(std::string(buffer), whole.substr(0, size - 1));
    }
    EXPECT_EQ(buffer[size], '#');
  }
}

} // namespace
