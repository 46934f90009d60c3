/// thread_cache_test.cpp - threads that are kept for the next work.
#include "core/threads/thread_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <sched.h>
#include <vector>

using namespace flux;

namespace {

constexpr uint64_t kForeverNs = uint64_t(3600) * 1000000000;

/// Runs functions on the threads of a cache.
class ThreadCacheTest : public testing::Test {
protected:
  struct Worker : CachedThread {
    ThreadCacheTest *test;
    std::function<void()> work;
  };

  /// Runs `work` on an idle thread or on a new one; false if there may be none.
  bool run(std::function<void()> work) {
    Worker *worker;
    {
      MutexLock guard(cache.mutex);
      worker = static_cast<Worker *>(cache.takeIdle());
      if (!worker && !cache.count())
        return false;
    }
    if (worker) {
      worker->work = std::move(work);
      ThreadCache::wake(*worker);
      return true;
    }
    worker = new Worker();
    ++created;
    worker->test = this;
    worker->work = std::move(work);
    pthread_t thread;
    EXPECT_EQ(pthread_create(&thread, nullptr, enter, worker), 0);
    return true;
  }

  static void *enter(void *argument) {
    auto &self = *static_cast<Worker *>(argument);
    ThreadCache &cache = self.test->cache;
    cache.enter(self);
    do {
      self.work();
      MutexLock guard(cache.mutex);
      cache.becomeIdle(self);
    } while (cache.awaitWork(self));
    return nullptr;
  }

  static void destroy(CachedThread &thread) {
    delete static_cast<Worker *>(&thread);
    ++destroyed;
  }

  uint64_t numThreads() {
    MutexLock guard(cache.mutex);
    return cache.numThreads();
  }
  uint64_t numIdle() {
    MutexLock guard(cache.mutex);
    return cache.numIdle();
  }
  void awaitIdle(uint64_t count) {
    while (numIdle() != count)
      sched_yield();
  }

  unsigned created = 0;
  static inline std::atomic<unsigned> destroyed{0};
  ThreadCache cache{destroy};
};

// One thread serves again and again; another one comes only when it is busy, and the latest to become idle is next.
TEST_F(ThreadCacheTest, TheLatestIsNext) {
  cache.open(10, kForeverNs);
  std::atomic<bool> go{false};
  std::atomic<pthread_t> first{}, second{}, third{}, fourth{};
  ASSERT_TRUE(run([&] { first = pthread_self(); }));
  awaitIdle(1);
  ASSERT_TRUE(run([&] {
    second = pthread_self();
    while (!go)
      sched_yield();
  }));
  ASSERT_TRUE(run([&] { third = pthread_self(); }));
  awaitIdle(1);
  go = true;
  awaitIdle(2);
  ASSERT_TRUE(run([&] { fourth = pthread_self(); }));
  awaitIdle(2);
  EXPECT_EQ(first.load(), second.load());
  EXPECT_NE(first.load(), third.load());
  EXPECT_EQ(first.load(), fourth.load());
  EXPECT_EQ(numThreads(), 2u);
  cache.close();
}

// There are never more than allowed, and one that has not come to be leaves its place to another.
TEST_F(ThreadCacheTest, Limit) {
  cache.open(1, kForeverNs);
  {
    MutexLock guard(cache.mutex);
    EXPECT_TRUE(cache.count());
    EXPECT_FALSE(cache.count());
    cache.uncount();
  }
  std::atomic<bool> go{false};
  ASSERT_TRUE(run([&] {
    while (!go)
      sched_yield();
  }));
  EXPECT_FALSE(run([] {}));
  go = true;
  awaitIdle(1);
  EXPECT_TRUE(run([] {}));
  cache.close();
}

// A thread for which there is no more work ends by itself.
TEST_F(ThreadCacheTest, IdleThreadsEnd) {
  const unsigned before = destroyed;
  cache.open(10, 0);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(run([] {}));
  while (destroyed - before < created)
    sched_yield();
  EXPECT_EQ(numThreads(), 0u);
  cache.close();
}

// Closing waits for those at work, and the cache can be used again.
TEST_F(ThreadCacheTest, CloseWaits) {
  for (int round = 0; round < 2; ++round) {
    const unsigned before = destroyed;
    cache.open(10, kForeverNs);
    std::atomic<bool> begun{false};
    std::atomic<int> done{0};
    ASSERT_TRUE(run([&] { ++done; }));
    awaitIdle(1);
    ASSERT_TRUE(run([&] {
      begun = true;
      for (int i = 0; i < 1000; ++i)
        sched_yield();
      ++done;
    }));
    while (!begun)
      sched_yield();
    cache.close();
    EXPECT_EQ(done, 2);
    EXPECT_EQ(destroyed, before + 1);
    EXPECT_EQ(numThreads(), 0u);
  }
}

} // namespace
