/// lock_test.cpp - the reader-writer lock: exclusion, sharing, and fairness both ways.
#include "core/locks/lock.h"
#include "core/os/parker.h"
#include "support.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

using namespace flux_test;

namespace {

struct LockTest : testing::Test {
  void SetUp() override { useTestProgram(); }

  /// Starts a thread that takes the lock, notes its name, waits until `go` is set and releases the lock. Returns once
  /// it has the lock or waits for it.
  void start(char name, flux_ir_mode mode) {
    const int parked = flowsParked;
    const size_t before = size();
    threads.emplace_back([=, this] {
      ScopedContext context;
      lock.acquire(context->waiter, mode);
      note(name);
      waitUntil([&] { return go.load(); });
      lock.release(mode);
    });
    waitUntil([&] { return flowsParked > parked || size() > before; });
  }

  void note(char name) {
    std::lock_guard<std::mutex> guard(mutex);
    order += name;
  }
  std::string entered() {
    std::lock_guard<std::mutex> guard(mutex);
    return order;
  }
  size_t size() { return entered().size(); }

  void finish() {
    go = true;
    for (std::thread &thread : threads)
      thread.join();
  }

  flux::Lock lock;
  std::atomic<bool> go{false};
  std::mutex mutex;
  std::string order;
  std::vector<std::thread> threads;
};

// A free lock is taken without waiting, in either mode, again and again.
TEST_F(LockTest, UncontendedDoesNotWait) {
  ScopedContext context;
  for (flux_ir_mode mode : {FLUX_IR_READ, FLUX_IR_WRITE, FLUX_IR_READ}) {
    EXPECT_EQ(lock.acquire(context->waiter, mode), 0u);
    lock.release(mode);
  }
}

// Readers share, a writer shares with nobody.
TEST_F(LockTest, ReadersShareWritersExclude) {
  ASSERT_TRUE(lock.tryAcquire(FLUX_IR_READ));
  EXPECT_TRUE(lock.tryAcquire(FLUX_IR_READ));
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_WRITE));
  lock.release(FLUX_IR_READ);
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_WRITE));
  lock.release(FLUX_IR_READ);
  ASSERT_TRUE(lock.tryAcquire(FLUX_IR_WRITE));
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_READ));
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_WRITE));
  lock.release(FLUX_IR_WRITE);
}

// A stream of readers cannot starve a writer: those that come after it wait behind it.
TEST_F(LockTest, WaitingWriterHoldsBackLaterReaders) {
  ASSERT_TRUE(lock.tryAcquire(FLUX_IR_READ));
  start('W', FLUX_IR_WRITE);
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_READ));
  start('r', FLUX_IR_READ);
  EXPECT_EQ(entered(), "");
  lock.release(FLUX_IR_READ);
  waitUntil([&] { return size() > 0; });
  EXPECT_EQ(entered(), "W");
  finish();
  EXPECT_EQ(entered(), "Wr");
}

// A stream of writers cannot starve a reader: it is passed by none that came later.
TEST_F(LockTest, WaitingReaderIsNotPassedByLaterWriters) {
  ASSERT_TRUE(lock.tryAcquire(FLUX_IR_WRITE));
  start('r', FLUX_IR_READ);
  start('V', FLUX_IR_WRITE);
  start('W', FLUX_IR_WRITE);
  lock.release(FLUX_IR_WRITE);
  waitUntil([&] { return size() > 0; });
  EXPECT_EQ(entered(), "r");
  finish();
  EXPECT_EQ(entered(), "rVW");
}

// Readers that wait side by side enter together, up to the next writer in the queue.
TEST_F(LockTest, NeighbouringReadersEnterTogether) {
  ASSERT_TRUE(lock.tryAcquire(FLUX_IR_WRITE));
  start('r', FLUX_IR_READ);
  start('r', FLUX_IR_READ);
  start('W', FLUX_IR_WRITE);
  start('s', FLUX_IR_READ);
  lock.release(FLUX_IR_WRITE);
  // Neither releases before `go`, so both being in proves that they share.
  waitUntil([&] { return size() == 2; });
  EXPECT_EQ(entered(), "rr");
  finish();
  EXPECT_EQ(entered(), "rrWs");
}

// A notification that comes before the wait is not lost, and one that does not come ends in a time-out.
TEST(ParkerTest, RemembersOneUnpark) {
  flux::Parker parker;
  parker.unpark();
  parker.unpark();
  EXPECT_TRUE(parker.park());
  EXPECT_FALSE(parker.park(1000));
}

} // namespace
