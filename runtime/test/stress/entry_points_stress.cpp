/// entry_points_stress.cpp - contended entry points and queue, meant for ThreadSanitizer: plain variables stand for
/// what constraints protect.
#include "models/pool/flow_queue.h"
#include "support.h"

#include <gtest/gtest.h>

#include <vector>

using namespace flux_test;

namespace {

constexpr int kRounds = kSanitized ? 20000 : 200000;

constexpr int kThreads = 4;

struct StressTest : testing::Test {
  void SetUp() override { useTestProgram(); }

  /// Runs `body(thread)` on every thread at once.
  template <typename F> static void onThreads(int count, F body) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
      threads.emplace_back(body, i);
    for (std::thread &thread : threads)
      thread.join();
  }
};

/// A small generator, so that each thread goes its own way and a failure repeats as far as scheduling does.
struct Random {
  uint32_t state;
  uint32_t operator()(uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  }
};

// Writers alone count exactly; readers see the two halves of the value equal.
TEST_F(StressTest, ReadersAndWriters) {
  struct {
    long first = 0, second = 0;
  } guarded;
  std::atomic<long> writes{0};
  onThreads(kThreads, [&](int thread) {
    ScopedContext flow;
    Random random = {static_cast<uint32_t>(thread)};
    for (int i = 0; i < kRounds; ++i) {
      const bool writing = random(4) == 0;
      flux_ir_acquire(flow.head(), kLockX, writing ? FLUX_IR_WRITE : FLUX_IR_READ);
      if (writing) {
        ++guarded.first;
        ++guarded.second;
        writes.fetch_add(1, std::memory_order_relaxed);
      } else {
        ASSERT_EQ(guarded.first, guarded.second);
      }
      flux_ir_release(flow.head(), kLockX);
    }
  });
  EXPECT_EQ(guarded.first, writes);
}

// Locks of the program and of sessions, nested to random depth in rank order, some flows ending in errors.
TEST_F(StressTest, NestedRegionsOfManyFlows) {
  constexpr int kSessions = 3;
  long byLock[2] = {}, bySession[2][kSessions] = {};
  std::atomic<long> expected{0};
  onThreads(kThreads, [&](int thread) {
    ScopedContext flow;
    Random random = {static_cast<uint32_t>(thread) + 100};
    for (int i = 0; i < kRounds; ++i) {
      const auto session = random(kSessions);
      flow->head.session = session;
      const uint32_t wanted = random(16);
      int32_t taken[2 * kNumLocks], count = 0;
      for (int32_t index = 0; index < kNumLocks; ++index)
        for (uint32_t times = (wanted >> index) & 1 ? 1 + random(2) : 0; times > 0; --times)
          flux_ir_acquire(flow.head(), taken[count++] = index, FLUX_IR_WRITE);
      for (int32_t index = 0; index < kNumLocks; ++index) {
        if (((wanted >> index) & 1) == 0)
          continue;
        ++(index < kSessionS ? byLock[index] : bySession[index - kSessionS][session]);
        expected.fetch_add(1, std::memory_order_relaxed);
      }
      if (random(8) == 0)
        flux_ir_fail(flow.head(), kNodeA, 1);
      else
        while (count > 0)
          flux_ir_release(flow.head(), taken[--count]);
      ASSERT_EQ(flow->numHeld, 0u);
    }
  });
  long sum = byLock[0] + byLock[1];
  for (auto &lock : bySession)
    for (long entries : lock)
      sum += entries;
  EXPECT_EQ(sum, expected);
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 0u);
}

// No thread is kept out while others hammer: each gets all its turns.
TEST_F(StressTest, EveryoneGetsTheirTurns) {
  std::atomic<int> finished{0};
  onThreads(kThreads, [&](int thread) {
    ScopedContext flow;
    const int32_t mode = thread == 0 ? FLUX_IR_WRITE : FLUX_IR_READ;
    // Readers go on until the writer has had all its turns: a lock that preferred them would never let this end.
    for (int turns = 0; thread == 0 ? turns < kRounds / 20 : finished == 0; ++turns) {
      flux_ir_acquire(flow.head(), kLockY, mode);
      flux_ir_release(flow.head(), kLockY);
    }
    finished += thread == 0;
  });
  EXPECT_EQ(finished, 1);
}

// Counters are read while flows write them.
TEST_F(StressTest, CountersWhileRunning) {
  std::atomic<bool> done{false};
  uint64_t last = 0;
  std::thread reader([&] {
    while (!done) {
      flux_ir_counters functions[kNumFunctions] = {};
      flux::LockCounters locks[kNumLocks] = {};
      flux::Counters total = {};
      total.functions = functions;
      total.locks = locks;
      flux::sumCounters(total);
      EXPECT_GE(total.handled, last);
      last = total.handled;
    }
  });
  onThreads(kThreads, [&](int) {
    // A context per round, so that blocks change hands.
    for (int i = 0; i < kRounds / 100; ++i) {
      ScopedContext flow;
      flux_ir_fail(flow.head(), kNodeB, 3);
      flux_ir_handled(flow.head());
    }
  });
  done = true;
  reader.join();
  flux_ir_counters functions[kNumFunctions] = {};
  flux::LockCounters locks[kNumLocks] = {};
  flux::Counters total = {};
  total.functions = functions;
  total.locks = locks;
  flux::sumCounters(total);
  EXPECT_EQ(total.handled, uint64_t(kThreads) * (kRounds / 100));
}

// Several sources and workers at a small queue: every flow comes out once, and a source's flows in their order where
// one worker serves.
TEST_F(StressTest, QueueLosesNothing) {
  constexpr int kSources = 3, kFlows = kRounds / 10;
  for (int numWorkers : {1, 4}) {
    flux::FlowQueue queue(8);
    std::vector<flux::Flow> flows[kSources];
    std::vector<std::atomic<int>> seen[kSources];
    for (int s = 0; s < kSources; ++s) {
      flows[s] = std::vector<flux::Flow>(kFlows);
      seen[s] = std::vector<std::atomic<int>>(kFlows);
    }
    std::vector<std::thread> workers;
    for (int w = 0; w < numWorkers; ++w)
      workers.emplace_back([&] {
        flux::FlowQueue::Place place;
        long last[kSources] = {-1, -1, -1};
        while (flux::Flow *flow = queue.pop(place))
          for (int s = 0; s < kSources; ++s) {
            const long i = flow - flows[s].data();
            if (flow < flows[s].data() || i >= kFlows)
              continue;
            ++seen[s][i];
            EXPECT_LT(last[s], i);
            last[s] = i;
          }
      });
    onThreads(kSources, [&](int s) {
      for (flux::Flow &flow : flows[s])
        queue.push(&flow);
    });
    waitUntil([&] { return queue.drain() == 0; });
    queue.close();
    for (std::thread &worker : workers)
      worker.join();
    for (auto &counts : seen)
      for (auto &count : counts)
        ASSERT_EQ(count, 1);
  }
}

} // namespace
