/// shared_lock_test.cpp - the lock between processes: exclusion, fairness, sessions, and what a death leaves behind.
#include "models/process/shared_lock.h"
#include "support.h"

#include <gtest/gtest.h>

#include <mutex>
#include <signal.h>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace flux_test;
using flux::SharedLock;

namespace {

constexpr uint32_t kPlaces = 8;
constexpr uint64_t kPatience = 60'000'000'000;

/// Zeroed memory that forked processes share, for the life of a test.
template <typename T> T *share(size_t size = sizeof(T)) {
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<T *>(memory);
}

struct SharedLockTest : testing::Test {
  void SetUp() override {
    useTestProgram();
    lock = SharedLock::create(share<char>(SharedLock::size(kPlaces)), kPlaces);
    ASSERT_NE(lock, nullptr);
  }
  void TearDown() override { munmap(lock, SharedLock::size(kPlaces)); }

  /// Starts a thread with the next place that takes the lock, notes its name, waits until `go` is set and gives the
  /// lock back. Returns once it has asked.
  void start(char name, flux_ir_mode mode, int64_t session = 0) {
    const uint32_t place = next++;
    threads.emplace_back([=, this] {
      lock->acquire(place, session, mode);
      note(name);
      waitUntil([&] { return go.load(); });
      lock->release(place);
    });
    waitUntil([&] { return lock->asks(place); });
  }

  /// The same in a process, which never gives the lock back. With `held`, returns once it has it.
  pid_t fork(uint32_t place, flux_ir_mode mode, bool held) {
    auto *has = share<std::atomic<bool>>();
    const pid_t child = ::fork();
    if (child == 0) {
      lock->acquire(place, 0, mode);
      *has = true;
      for (;;)
        pause();
    }
    waitUntil([&] { return held ? has->load() : lock->asks(place); });
    munmap(has, sizeof *has);
    return child;
  }

  static void murder(pid_t child) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }

  void note(char name) {
    std::lock_guard<std::mutex> guard(mutex);
    order += name;
  }
  std::string entered() {
    std::lock_guard<std::mutex> guard(mutex);
    return order;
  }
  void finish() {
    go = true;
    for (std::thread &thread : threads)
      thread.join();
  }

  SharedLock *lock = nullptr;
  uint32_t next = 1; // the test itself has place 0
  std::atomic<bool> go{false};
  std::mutex mutex;
  std::string order;
  std::vector<std::thread> threads;
};

TEST_F(SharedLockTest, UncontendedDoesNotWait) {
  for (flux_ir_mode mode : {FLUX_IR_READ, FLUX_IR_WRITE, FLUX_IR_READ}) {
    EXPECT_EQ(lock->acquire(0, 0, mode), 0u);
    EXPECT_TRUE(lock->asks(0));
    lock->release(0);
    EXPECT_FALSE(lock->asks(0));
  }
}

// A stream of readers cannot starve a writer: those that come after it wait behind it.
TEST_F(SharedLockTest, WaitingWriterHoldsBackLaterReaders) {
  lock->acquire(0, 0, FLUX_IR_READ);
  start('W', FLUX_IR_WRITE);
  start('r', FLUX_IR_READ);
  EXPECT_EQ(entered(), "");
  lock->release(0);
  waitUntil([&] { return !entered().empty(); });
  EXPECT_EQ(entered(), "W");
  finish();
  EXPECT_EQ(entered(), "Wr");
}

// A stream of writers cannot starve a reader: it is passed by none that came later.
TEST_F(SharedLockTest, WaitingReaderIsNotPassedByLaterWriters) {
  lock->acquire(0, 0, FLUX_IR_WRITE);
  start('r', FLUX_IR_READ);
  start('V', FLUX_IR_WRITE);
  start('W', FLUX_IR_WRITE);
  lock->release(0);
  waitUntil([&] { return !entered().empty(); });
  EXPECT_EQ(entered(), "r");
  finish();
  EXPECT_EQ(entered(), "rVW");
}

// Readers that wait side by side enter together, up to the next writer in the queue.
TEST_F(SharedLockTest, NeighbouringReadersEnterTogether) {
  lock->acquire(0, 0, FLUX_IR_WRITE);
  start('r', FLUX_IR_READ);
  start('r', FLUX_IR_READ);
  start('W', FLUX_IR_WRITE);
  start('s', FLUX_IR_READ);
  lock->release(0);
  waitUntil([&] { return entered().size() == 2; });
  EXPECT_EQ(entered(), "rr");
  finish();
  EXPECT_EQ(entered(), "rrWs");
}

// Sessions do not keep each other out, and are forgotten when their last user leaves.
TEST_F(SharedLockTest, SessionsAreApart) {
  lock->acquire(0, 7, FLUX_IR_WRITE);
  start('a', FLUX_IR_WRITE, -7);
  waitUntil([&] { return entered() == "a"; });
  start('b', FLUX_IR_WRITE, 7);
  EXPECT_EQ(lock->liveSessions(), 2u);
  EXPECT_EQ(entered(), "a");
  lock->release(0);
  waitUntil([&] { return entered() == "ab"; });
  finish();
  EXPECT_EQ(lock->liveSessions(), 0u);
}

// A holder that is killed keeps the lock until the supervisor takes it away; then the next in the queue has it.
TEST_F(SharedLockTest, AHolderIsKilled) {
  const pid_t holder = fork(7, FLUX_IR_WRITE, true);
  start('W', FLUX_IR_WRITE);
  murder(holder);
  EXPECT_EQ(entered(), "");
  EXPECT_TRUE(lock->evict(7, 1, kPatience));
  waitUntil([&] { return entered() == "W"; });
  finish();
}

// So is a waiter that is killed in the queue: nobody waits for it any more.
TEST_F(SharedLockTest, AWaiterIsKilled) {
  lock->acquire(0, 0, FLUX_IR_READ);
  const pid_t waiter = fork(7, FLUX_IR_WRITE, false);
  start('r', FLUX_IR_READ);
  EXPECT_EQ(entered(), "");
  murder(waiter);
  EXPECT_TRUE(lock->evict(7, 1, kPatience));
  waitUntil([&] { return entered() == "r"; });
  lock->release(0);
  finish();
}

// A process that was stopped inside the lock's own code does not hang the supervisor, which gives up for now.
TEST_F(SharedLockTest, EvictionGivesUp) {
  const pid_t busy = ::fork();
  if (busy == 0)
    for (;;) {
      lock->acquire(1, 0, FLUX_IR_WRITE);
      lock->release(1);
    }
  // Stops it at random instants until it has the mutex at one of them.
  waitUntil([&] {
    usleep(static_cast<useconds_t>(rand() % 300));
    kill(busy, SIGSTOP);
    waitpid(busy, nullptr, WUNTRACED);
    const bool refused = !lock->evict(7, 1, 1000);
    kill(busy, SIGCONT);
    return refused;
  });
  murder(busy);
  EXPECT_TRUE(lock->evict(1, 1, kPatience));
  EXPECT_EQ(lock->acquire(0, 0, FLUX_IR_WRITE), 0u);
  lock->release(0);
}

} // namespace
