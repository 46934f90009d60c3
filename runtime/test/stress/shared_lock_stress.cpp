/// shared_lock_stress.cpp - processes that are killed at random instants, many times, inside of the lock and outside.
#include "models/process/shared_lock.h"
#include "support.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace flux_test;
using flux::SharedLock;

namespace {

constexpr int kKills = kSanitized ? 500 : 4000;

constexpr uint32_t kProcesses = 6;
constexpr int64_t kSessions = 2;
constexpr uint64_t kPatience = 60'000'000'000;

/// What the processes know of each other. A process writes down what it holds after it has taken the lock and before it
/// gives it back, and the test does so in the name of the dead before it evicts them: at no instant may it show what
/// the lock excludes.
struct Ground {
  std::atomic<int64_t> holdings[kProcesses]; // 0: nothing; else see describe()
  std::atomic<uint64_t> entries[kProcesses];
  std::atomic<uint64_t> waits;
  std::atomic<uint64_t> readersMet;
  std::atomic<bool> violated;
  std::atomic<bool> ending;
};

Ground *ground;
SharedLock *lock;

struct Random {
  uint32_t state;
  uint32_t operator()(uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  }
};

/// A session and a mode as one number, so that both are written and read at once.
int64_t describe(int64_t session, int mode) { return 2 * session + mode + 1; }

/// Looks whether somebody holds what excludes the holding of `place`.
void checkAlone(uint32_t place, int64_t session, int mode) {
  for (uint32_t other = 0; other < kProcesses; ++other) {
    const int64_t theirs = other == place ? 0 : ground->holdings[other].load();
    if (mode == FLUX_IR_READ && theirs == describe(session, FLUX_IR_READ))
      ++ground->readersMet;
    else if (theirs == describe(session, FLUX_IR_READ) || theirs == describe(session, FLUX_IR_WRITE))
      ground->violated = true;
  }
}

[[noreturn]] void live(uint32_t place, uint32_t seed) {
  Random random = {seed};
  while (!ground->ending) {
    const auto session = static_cast<int64_t>(random(kSessions));
    const auto mode = random(3) == 0 ? FLUX_IR_WRITE : FLUX_IR_READ;
    ground->waits += lock->acquire(place, session, mode) != 0;
    ground->holdings[place] = describe(session, mode);
    checkAlone(place, session, mode);
    if (random(20) == 0)
      usleep(100);
    checkAlone(place, session, mode);
    ++ground->entries[place];
    ground->holdings[place] = 0;
    lock->release(place);
  }
  _exit(0);
}

pid_t spawn(uint32_t place, uint32_t seed) {
  const pid_t child = fork();
  if (child == 0)
    live(place, seed);
  return child;
}

uint64_t entries() {
  uint64_t sum = 0;
  for (const auto &count : ground->entries)
    sum += count;
  return sum;
}

void murder(uint32_t place, pid_t child) {
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "a process has ended by itself";
  ground->holdings[place] = 0;
  ASSERT_TRUE(lock->evict(place, 1, kPatience));
}

// Mutual exclusion holds, readers meet, and after every death others get their turns.
TEST(SharedLockStressTest, KilledAtRandomInstants) {
  const size_t size = SharedLock::size(kProcesses);
  const auto share = [](size_t bytes) {
    return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  };
  ground = new (share(sizeof(Ground))) Ground();
  lock = SharedLock::create(share(size), kProcesses);
  ASSERT_NE(lock, nullptr);
  pid_t children[kProcesses];
  for (uint32_t place = 0; place < kProcesses; ++place) {
    children[place] = spawn(place, place);
  }
  Random random = {4711};
  for (int i = 0; i < kKills && !ground->violated; ++i) {
    usleep(random(400));
    const uint32_t place = random(kProcesses);
    murder(place, children[place]);
    const uint64_t before = entries();
    waitUntil([&] { return entries() > before; });
    children[place] = spawn(place, static_cast<uint32_t>(i));
  }
  EXPECT_FALSE(ground->violated) << "somebody was beside a writer";
  ground->ending = true;
  for (const pid_t child : children)
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
  // Nothing is left behind.
  for (int64_t session = 0; session < kSessions; ++session) {
    EXPECT_EQ(lock->acquire(0, session, FLUX_IR_WRITE), 0u);
    lock->release(0);
  }
  EXPECT_EQ(lock->liveSessions(), 0u);
  EXPECT_GT(ground->waits, 0u);
  EXPECT_GT(ground->readersMet, 0u);
  RecordProperty("entries", std::to_string(entries()));
  RecordProperty("waits", std::to_string(ground->waits.load()));
}

} // namespace
