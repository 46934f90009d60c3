/// flow_queue_test.cpp - the pool's queue: order, limit, hand-over, end.
#include "models/pool/flow_queue.h"
#include "support.h"

#include <gtest/gtest.h>

#include <vector>

using flux::Flow;
using flux::FlowQueue;
using flux_test::waitUntil;

namespace {

TEST(FlowQueueTest, FirstInFirstOut) {
  FlowQueue queue(10);
  FlowQueue::Place place;
  Flow flows[3] = {};
  for (Flow &flow : flows)
    queue.push(&flow);
  EXPECT_EQ(queue.figures().depth, 3u);
  for (Flow &flow : flows)
    EXPECT_EQ(queue.pop(place), &flow);
  EXPECT_EQ(queue.figures().running, 1u);
  EXPECT_EQ(queue.drain(), 1u);
  queue.close();
  EXPECT_EQ(queue.pop(place), nullptr);
  EXPECT_EQ(queue.drain(), 0u);
}

// A full queue holds the source back until it is half empty.
TEST(FlowQueueTest, FullQueueBlocksTheSource) {
  FlowQueue queue(2);
  FlowQueue::Place place;
  Flow flows[3] = {};
  queue.push(&flows[0]);
  queue.push(&flows[1]);
  std::thread source([&] { queue.push(&flows[2]); });
  waitUntil([&] { return queue.figures().sourcesWaiting == 1; });
  EXPECT_EQ(queue.figures().depth, 2u);
  EXPECT_EQ(queue.pop(place), &flows[0]);
  source.join();
  EXPECT_EQ(queue.pop(place), &flows[1]);
  EXPECT_EQ(queue.pop(place), &flows[2]);
}

// A worker that is stuck in a flow does not keep the flows behind it from the sleeping workers.
TEST(FlowQueueTest, EveryFlowFindsAWorkerWhileOneSleeps) {
  constexpr int kWorkers = 8;
  FlowQueue queue(kWorkers);
  Flow flows[kWorkers] = {};
  std::atomic<int> taken{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; ++i)
    workers.emplace_back([&] {
      FlowQueue::Place place;
      while (queue.pop(place)) {
        ++taken;
        // Stuck until all the others have one, too.
        waitUntil([&] { return taken == kWorkers; });
      }
    });
  for (Flow &flow : flows)
    queue.push(&flow);
  waitUntil([&] { return taken == kWorkers; });
  waitUntil([&] { return queue.drain() == 0; });
  queue.close();
  for (std::thread &worker : workers)
    worker.join();
}

// Closing lets workers finish what is queued.
TEST(FlowQueueTest, CloseKeepsWhatIsQueued) {
  FlowQueue queue(4);
  FlowQueue::Place place;
  Flow flow = {};
  queue.push(&flow);
  queue.close();
  EXPECT_EQ(queue.pop(place), &flow);
  EXPECT_EQ(queue.pop(place), nullptr);
}

} // namespace
