/// session_test.cpp - session locks exist while they are used, and cost no memory when they are not.
#include "core/locks/local_locks.h"
#include "support.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <vector>

using namespace flux_test;

namespace {

struct SessionTest : testing::Test {
  void SetUp() override { useTestProgram(); }
};

size_t countSpares(const flux::Context &context) {
  size_t count = 0;
  for (const flux::SessionEntry *entry = context.spares; entry; entry = entry->next)
    ++count;
  return count;
}

uint64_t residentBytes() {
  unsigned long long size = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  EXPECT_NE(file, nullptr);
  EXPECT_EQ(fscanf(file, "%llu %llu", &size, &resident), 2);
  fclose(file);
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// The same lock and session give the same entry, anything else another; the last user takes it away.
TEST_F(SessionTest, EntriesAreSharedAndReclaimed) {
  ScopedContext one, two;
  flux::SessionTable &table = flux::LocalLocks<flux::ThreadSync>::sessions;
  flux::SessionEntry *a = table.enter(*one, kSessionS, 7);
  EXPECT_EQ(table.enter(*two, kSessionS, 7), a);
  flux::SessionEntry *b = table.enter(*one, kSessionT, 7);
  EXPECT_NE(b, a);
  flux::SessionEntry *c = table.enter(*two, kSessionT, -7);
  EXPECT_NE(c, b);
  EXPECT_EQ(table.live(), 3u);
  table.leave(*one, a);
  EXPECT_EQ(table.live(), 3u);
  table.leave(*two, a);
  EXPECT_EQ(table.live(), 2u);
  table.leave(*one, b);
  table.leave(*two, c);
  EXPECT_EQ(table.live(), 0u);
  EXPECT_EQ(countSpares(*one), 2u);
  EXPECT_EQ(countSpares(*two), 2u);
}

// More sessions at once than the table began with room for: it grows and finds them all.
TEST_F(SessionTest, ManyLiveSessions) {
  constexpr int kFlows = 5000;
  std::vector<flux::Context *> flows;
  for (int i = 0; i < kFlows; ++i) {
    flows.push_back(flux::createContext());
    flows.back()->head.session = i;
    flux_ir_acquire(&flows.back()->head, kSessionS, FLUX_IR_WRITE);
  }
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), uint64_t(kFlows));
  for (int i = 0; i < kFlows; ++i) {
    ASSERT_EQ(flows[i]->held[0].session->session, i);
    flux_ir_release(&flows[i]->head, kSessionS);
    flux::destroyContext(flows[i]);
  }
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 0u);
}

// A million sessions, each used by two threads, leave nothing behind.
TEST_F(SessionTest, MemoryDoesNotGrowOverAMillionSessions) {
  auto visit = [](int64_t first, int64_t last) {
    ScopedContext context;
    for (int64_t session = first; session < last; ++session) {
      context->head.session = session;
      flux_ir_acquire(context.head(), kSessionS, FLUX_IR_WRITE);
      flux_ir_acquire(context.head(), kSessionT, FLUX_IR_READ);
      flux_ir_release(context.head(), kSessionT);
      flux_ir_release(context.head(), kSessionS);
    }
    EXPECT_EQ(countSpares(*context), 2u);
  };
  auto visitTwice = [&](int64_t first, int64_t last) {
    std::thread other(visit, first, last);
    visit(first, last);
    other.join();
  };
  visitTwice(0, 10000);
  const uint64_t before = residentBytes();
  visitTwice(10000, 1010000);
  const uint64_t after = residentBytes();
  EXPECT_EQ(flux::runtime.model->locks->liveSessions(), 0u);
  // 1 MB is a byte a session; one entry kept for each would be over a hundred.
  EXPECT_LT(after, before + (1 << 20));
}

} // namespace
