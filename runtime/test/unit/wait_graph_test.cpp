/// wait_graph_test.cpp - who can never go on.
#include "core/hang/wait_graph.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace flux;

namespace {

/// Lock 2 has sessions.
bool hasSessions(int32_t lock) { return lock == 2; }

class WaitGraphTest : public testing::Test {
protected:
  Actor &flow(Until until) {
    actors.emplace_back();
    actors.back().until = until;
    return actors.back();
  }

  Actor &waitsFor(int32_t lock, int64_t session = 0) {
    Actor &actor = flow(Until::LockIsFree);
    actor.lock = lock;
    actor.session = session;
    return actor;
  }

  Actor &source(Until until, bool outside = false) {
    Actor &actor = flow(until);
    actor.isSource = true;
    actor.awaitsOutside = outside;
    return actor;
  }

  static void holds(Actor &actor, const std::vector<int32_t> &locks) {
    actor.locks = locks.data();
    actor.numLocks = locks.size();
  }

  /// An 'x' for each actor that is stuck.
  std::string stuck() {
    const bool flows = findStuck(actors.data(), actors.size(), around);
    std::string result;
    bool any = false;
    for (const Actor &actor : actors) {
      result += actor.isStuck ? 'x' : '.';
      any |= actor.isStuck && !actor.isSource;
    }
    EXPECT_EQ(flows, any);
    return result;
  }

  std::vector<Actor> actors;
  Surroundings around = {.hasRoom = true, .hasStrangers = false, .hasSessions = hasSessions};
  const std::vector<int32_t> first = {0}, second = {1}, sessions = {2};
};

// A server without flows waits for clients.
TEST_F(WaitGraphTest, NobodyIsThere) {
  EXPECT_EQ(stuck(), "");
  source(Until::Now, true);
  EXPECT_EQ(stuck(), ".");
}

// However long the line is: its head waits for a client, who will answer or be given up.
TEST_F(WaitGraphTest, ASlowClientHoldsAConstraint) {
  holds(flow(Until::Now), first);
  waitsFor(0);
  waitsFor(0);
  EXPECT_EQ(stuck(), "...");
}

TEST_F(WaitGraphTest, TwoWaitForEachOther) {
  holds(waitsFor(1), first);
  holds(waitsFor(0), second);
  flow(Until::Now);
  EXPECT_EQ(stuck(), "xx.");
}

// Who waits for one of a circle is as stuck as the circle.
TEST_F(WaitGraphTest, OthersWaitForACircle) {
  holds(waitsFor(1), first);
  holds(waitsFor(0), second);
  waitsFor(0);
  source(Until::FlowEnds);
  around.hasRoom = false;
  EXPECT_EQ(stuck(), "xxxx");
}

// The same lock of another session is another lock.
TEST_F(WaitGraphTest, SessionsAreApart) {
  Actor &one = waitsFor(0, 1);
  holds(one, sessions);
  holds(waitsFor(2, 7), first);
  EXPECT_EQ(stuck(), "..");
  actors[1].session = 1;
  EXPECT_EQ(stuck(), "xx");
}

// A mutex of the program's own closes the circle.
TEST_F(WaitGraphTest, AnotherActorIsNamed) {
  Actor &owner = waitsFor(0);
  owner.isStuck = false;
  Actor &other = flow(Until::ActorActs);
  other.other = 0;
  holds(other, first);
  EXPECT_EQ(stuck(), "xx");
  actors[0].until = Until::Now;
  EXPECT_EQ(stuck(), "..");
}

// A pipe to ourselves: any flow may write to it, one that is still to come as well, if it can begin.
TEST_F(WaitGraphTest, AnybodyCouldEndIt) {
  holds(flow(Until::AnybodyActs), first);
  waitsFor(0);
  EXPECT_EQ(stuck(), "xx");
  source(Until::Now, true);
  EXPECT_EQ(stuck(), "...");
  around.hasRoom = false;
  EXPECT_EQ(stuck(), "xx.");
  around.hasStrangers = true;
  EXPECT_EQ(stuck(), "...");
  around.hasStrangers = false;
  flow(Until::Now);
  EXPECT_EQ(stuck(), "....");
}

// A source that waits for room goes on when any flow ends.
TEST_F(WaitGraphTest, ASourceWaitsForRoom) {
  around.hasRoom = false;
  source(Until::FlowEnds);
  flow(Until::Now);
  EXPECT_EQ(stuck(), "..");
}

// Sources alone are no hang: nothing is under way.
TEST_F(WaitGraphTest, OnlySources) {
  source(Until::AnybodyActs);
  EXPECT_FALSE(findStuck(actors.data(), actors.size(), around));
}

// Ten thousand that wait for one lock are judged at once.
TEST_F(WaitGraphTest, Many) {
  holds(flow(Until::AnybodyActs), first);
  for (int i = 0; i < 10000; ++i)
    waitsFor(0);
  EXPECT_EQ(stuck(), std::string(10001, 'x'));
}

} // namespace
