/// entry_points_test.cpp - what generated code may expect of acquire, release and fail.
#include "core/locks/local_locks.h"
#include "flux/flux.h"
#include "support.h"

#include <array>
#include <gtest/gtest.h>

#include <utility>

using namespace flux_test;

namespace {

struct EntryPointsTest : testing::Test {
  void SetUp() override { useTestProgram(); }

  /// Whether another flow could take the lock of the program now.
  static bool isFree(int32_t index) {
    if (!flux::LocalLocks<flux::ThreadSync>::locks[index].tryAcquire(FLUX_IR_WRITE))
      return false;
    flux::LocalLocks<flux::ThreadSync>::locks[index].release(FLUX_IR_WRITE);
    return true;
  }
};

// Nested acquisitions of a held lock are counted, not taken, and do not show among the acquisitions.
TEST_F(EntryPointsTest, NestedAcquisitionsAreCounted) {
  ScopedContext flow;
  const uint64_t before = flow->counters->locks[kLockX].acquisitions;
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_WRITE);
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_WRITE);
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_READ);
  EXPECT_EQ(flow->numHeld, 1u);
  flux_ir_release(flow.head(), kLockX);
  flux_ir_release(flow.head(), kLockX);
  EXPECT_FALSE(isFree(kLockX));
  flux_ir_release(flow.head(), kLockX);
  EXPECT_TRUE(isFree(kLockX));
  EXPECT_EQ(flow->counters->locks[kLockX].acquisitions, before + 1);
}

// Locks may be released in another order than they were taken in.
TEST_F(EntryPointsTest, ReleasesInAnyOrder) {
  ScopedContext flow(5);
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_WRITE);
  flux_ir_acquire(flow.head(), kLockY, FLUX_IR_READ);
  flux_ir_acquire(flow.head(), kSessionS, FLUX_IR_WRITE);
  flux_ir_release(flow.head(), kLockX);
  EXPECT_TRUE(isFree(kLockX));
  EXPECT_FALSE(isFree(kLockY));
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 1u);
  flux_ir_release(flow.head(), kLockY);
  EXPECT_TRUE(isFree(kLockY));
  flux_ir_release(flow.head(), kSessionS);
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 0u);
}

// An error releases everything, however deep, and keeps function and code for the handler.
TEST_F(EntryPointsTest, FailReleasesEverything) {
  ScopedContext flow(5);
  const uint64_t before = flow->counters->functions[kNodeB].errors;
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_WRITE);
  flux_ir_acquire(flow.head(), kLockX, FLUX_IR_WRITE);
  flux_ir_acquire(flow.head(), kSessionS, FLUX_IR_READ);
  flux_ir_fail(flow.head(), kNodeB, 17);
  EXPECT_TRUE(isFree(kLockX));
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 0u);
  EXPECT_EQ(flow->head.error, 17);
  EXPECT_EQ(flow->head.function, kNodeB);
  EXPECT_EQ(flow->counters->functions[kNodeB].errors, before + 1);
}

/// How often each function has been called.
std::array<uint64_t, kNumFunctions> countCalls() {
  flux_ir_counters functions[kNumFunctions] = {};
  flux::LockCounters locks[kNumLocks] = {};
  flux::Counters total = {};
  total.functions = functions;
  total.locks = locks;
  flux::sumCounters(total);
  return {functions[kNodeA].calls, functions[kNodeB].calls, functions[kFlowF].calls};
}

// A stretch counts all calls that it consists of; a failure takes back what does not run, to the end of the outermost.
TEST_F(EntryPointsTest, SkipTakesBackWhatDoesNotRun) {
  ScopedContext flow;
  const std::array<uint64_t, kNumFunctions> before = countCalls();
  const auto since = [&] {
    std::array<uint64_t, kNumFunctions> calls = countCalls();
    for (int i = 0; i < kNumFunctions; ++i)
      calls[i] -= before[i];
    return calls;
  };
  using Calls = std::array<uint64_t, kNumFunctions>;
  flow->counters->stretches[0] = flow->counters->stretches[0] + 2;
  flow->counters->stretches[1] = flow->counters->stretches[1] + 1;
  EXPECT_EQ(since(), (Calls{2, 3, 2}));
  flux_ir_skip(flow.head(), 4); // in the inner stretch, so that the outer one does not go on either
  EXPECT_EQ(since(), (Calls{2, 1, 2}));
  flux_ir_skip(flow.head(), 1); // behind A
  EXPECT_EQ(since(), (Calls{2, 0, 1}));
}

// Sessions keep each other out only where they are the same one.
TEST_F(EntryPointsTest, SessionsAreIndependent) {
  ScopedContext one(1), two(2);
  flux_ir_acquire(one.head(), kSessionS, FLUX_IR_WRITE);
  flux_ir_acquire(two.head(), kSessionS, FLUX_IR_WRITE);
  std::atomic<bool> entered{false};
  const int parked = flowsParked;
  std::thread rival([&] {
    ScopedContext again(1);
    flux_ir_acquire(again.head(), kSessionS, FLUX_IR_WRITE);
    entered = true;
    EXPECT_EQ(again->counters->locks[kSessionS].contended, 1u);
    flux_ir_release(again.head(), kSessionS);
  });
  waitUntil([&] { return flowsParked > parked; });
  EXPECT_FALSE(entered);
  flux_ir_release(one.head(), kSessionS);
  rival.join();
  EXPECT_TRUE(entered);
  flux_ir_release(two.head(), kSessionS);
}

// Where a model has no place of its own for nodes, one is called where the flow is, with the flow's own buffers.
TEST_F(EntryPointsTest, RunCallsDirectly) {
  ScopedContext flow;
  int in = 20, out = 0;
  const flux_ir_call addOne = [](void *from, void *to) {
    *static_cast<int *>(to) = *static_cast<int *>(from) + 1;
    return int32_t(22);
  };
  EXPECT_EQ(flux_ir_run(flow.head(), kNodeA, addOne, &in, &out), 22);
  EXPECT_EQ(out, 21);
}

// A model that has one learns which node it is, gets all that it needs to call it there, and its answer is the node's.
TEST_F(EntryPointsTest, RunGoesToTheModel) {
  static flux::Context *seen;
  static int32_t named;
  flux::Model model = *flux::runtime.model;
  model.flows.run = [](flux::Context &context, int32_t node, flux_ir_call call, void *in, void *out) {
    seen = &context;
    named = node;
    int32_t answer = 0;
    std::thread([&] { answer = call(in, out); }).join();
    return answer;
  };
  const flux::Model *usual = std::exchange(flux::runtime.model, &model);
  ScopedContext flow;
  const flux_ir_call isElsewhere = [](void *in, void *out) {
    return int32_t(*static_cast<std::thread::id *>(in) != std::this_thread::get_id() && out == nullptr);
  };
  std::thread::id here = std::this_thread::get_id();
  EXPECT_EQ(flux_ir_run(flow.head(), kNodeB, isElsewhere, &here, nullptr), 1);
  EXPECT_EQ(seen, &*flow);
  EXPECT_EQ(named, kNodeB);
  flux::runtime.model = usual;
}

// A context is in no node until generated code says so.
TEST_F(EntryPointsTest, ANewContextRunsNoNode) {
  ScopedContext flow;
  EXPECT_EQ(flow->head.node, FLUX_IR_NO_NODE);
}

// Every code of Flux has a text of its own; others are the program's.
TEST_F(EntryPointsTest, ErrorTexts) {
  EXPECT_STREQ(flux_strerror(FLUX_STOP), "the source has ended");
  EXPECT_STREQ(flux_strerror(FLUX_E_NOMATCH), "no case of the dispatch matched");
  EXPECT_STREQ(flux_strerror(404), "error");
  EXPECT_EQ(flux_session(), 0);
}

} // namespace
