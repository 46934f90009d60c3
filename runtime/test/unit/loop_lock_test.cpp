/// loop_lock_test.cpp - the lock of flows that share one thread: the same queue and the same fairness as between
/// threads.
#include "core/context.h"
#include "core/locks/lock.h"
#include "core/model.h"
#include "core/runtime.h"
#include "loop/loop.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

using namespace flux;

namespace {

Loop *theLoop;

const Model fiberModel = {
    .flows = {.park = [](Context &) { theLoop->park(); },
              .unpark = [](Context &context) { theLoop->permit(*context.tail<Fiber *>()); }},
};

/// Jobs that take one lock in turn, and note it: a capital letter writes, any other reads. Each lets the others run
/// once while it holds the lock, so that those that have to wait do.
class LoopLockTest : public testing::Test {
protected:
  struct Flow {
    Flow(LoopLockTest &test, char name) : test(test), name(name) { context.held = &held; }

    LoopLockTest &test;
    char name;
    Context context = {};
    Fiber *tail = nullptr; // the context's
    Held held = {};        // the lock, as one of the program's
  };

  void SetUp() override {
    ASSERT_TRUE(loop.open(Io::Epoll, 64 * 1024, 64, [](void *) {}, nullptr));
    theLoop = &loop;
    before = runtime.model;
    runtime.model = &fiberModel;
  }
  void TearDown() override {
    runtime.model = before;
    loop.close();
  }

  /// Runs one flow per letter, which begin in this order, and returns in which they entered the lock; '-' is an end.
  std::string run(const char *names) {
    for (; *names; ++names) {
      flows.emplace_back(*this, *names);
      loop.post({[](void *flow) { take(*static_cast<Flow *>(flow)); }, &flows.back()});
      ++running;
    }
    loop.run();
    return order;
  }

  static void take(Flow &flow) {
    LoopLockTest &test = flow.test;
    const flux_ir_mode mode = flow.name >= 'A' && flow.name <= 'Z' ? FLUX_IR_WRITE : FLUX_IR_READ;
    flow.context.tail<Fiber *>() = &test.loop.fiber();
    test.lock.acquire(flow.context.waiter, mode);
    test.order += flow.name;
    test.loop.yield();
    test.order += '-';
    test.lock.release(mode);
    if (--test.running == 0)
      test.loop.quit();
  }

  Loop loop;
  BasicLock<LoopSync> lock;
  std::deque<Flow> flows;
  std::string order;
  int running = 0;
  const Model *before = nullptr;
};

TEST_F(LoopLockTest, ReadersShare) { EXPECT_EQ(run("abc"), "abc---"); }

TEST_F(LoopLockTest, WritersExclude) { EXPECT_EQ(run("ABC"), "A-B-C-"); }

// Nobody overtakes the queue: a waiting writer holds back later readers, and is passed by no later writer.
TEST_F(LoopLockTest, IsFair) { EXPECT_EQ(run("abCdeFg"), "ab--C-de--F-g-"); }

TEST_F(LoopLockTest, TriesWithoutWaiting) {
  EXPECT_TRUE(lock.tryAcquire(FLUX_IR_READ));
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_WRITE));
  lock.release(FLUX_IR_READ);
  EXPECT_TRUE(lock.tryAcquire(FLUX_IR_WRITE));
  EXPECT_FALSE(lock.tryAcquire(FLUX_IR_READ));
  lock.release(FLUX_IR_WRITE);
}

} // namespace
