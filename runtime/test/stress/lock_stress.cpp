/// lock_stress.cpp - flows of several loops and plain threads that share what locks guard: recursive and timed mutexes,
/// reader-writer locks and conditions. Nobody is let in beside another one, and nobody waits for ever. Meant for
/// ThreadSanitizer, too: what is guarded are plain numbers.
#include "core/os/real.h"
#include "io_parameter.h"
#include "loop/loop.h"
#include "posix/interpose.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux;
using namespace flux_test;

namespace {

constexpr int kLoops = 3, kFlowsPerLoop = 8, kThreads = 4;
constexpr int kWorkers = kLoops * kFlowsPerLoop + kThreads;
static_assert(kWorkers % 2 == 0, "as many produce as consume");
constexpr int kRounds = kSanitized ? 40 : 200; // of each worker

/// Numbers that are equal whenever nobody changes them.
struct Pair {
  long first = 0, second = 0;
};

/// Lets others run in the middle of a change: flows of the loop, or threads.
void pause(int round) {
  if (round % 16 == 0)
    usleep(20);
  else if (round % 4 == 0)
    sched_yield();
}

void change(Pair &pair, int round) {
  const long before = pair.first;
  pair.first = before + 1;
  pause(round);
  EXPECT_EQ(pair.second, before);
  pair.second = before + 1;
}

/// What all of them share.
class Shared {
public:
  Shared() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Shared() {
    pthread_mutex_destroy(&recursive);
    for (pthread_mutex_t *mutex : {&timed, &buffer})
      pthread_mutex_destroy(mutex);
    pthread_rwlock_destroy(&rwlock);
    for (pthread_cond_t *condition : {&filled, &emptied})
      pthread_cond_destroy(condition);
  }
  Shared(const Shared &) = delete;
  Shared &operator=(const Shared &) = delete;

  /// Who works so often leaves each of the numbers changed so often.
  void work(int worker) {
    for (int round = 0; round < kRounds; ++round) {
      useRecursive(round + worker);
      useTimed(round + worker);
      useRwlock(round + worker, round % 4 == 0);
      worker % 2 ? produce(round) : consume(round);
    }
  }

  void expectAllWork() const {
    constexpr long kAll = long(kWorkers) * kRounds;
    EXPECT_EQ(byRecursive.second, kAll);
    EXPECT_EQ(byTimed.second, kAll);
    EXPECT_EQ(byRwlock.second, kAll / 4);
    EXPECT_EQ(numFull, 0);
    EXPECT_EQ(balance, 0);
  }

private:
  void useRecursive(int round) {
    ASSERT_EQ(pthread_mutex_lock(&recursive), 0);
    pause(round);
    ASSERT_EQ(pthread_mutex_lock(&recursive), 0);
    change(byRecursive, round);
    ASSERT_EQ(pthread_mutex_unlock(&recursive), 0);
    EXPECT_EQ(byRecursive.first, byRecursive.second);
    ASSERT_EQ(pthread_mutex_unlock(&recursive), 0);
  }

  void useTimed(int round) {
    timespec far;
    clock_gettime(CLOCK_REALTIME, &far);
    far.tv_sec += 3600;
    ASSERT_EQ(pthread_mutex_timedlock(&timed, &far), 0);
    change(byTimed, round);
    ASSERT_EQ(pthread_mutex_unlock(&timed), 0);
  }

  void useRwlock(int round, bool writes) {
    ASSERT_EQ(writes ? pthread_rwlock_wrlock(&rwlock) : pthread_rwlock_rdlock(&rwlock), 0);
    if (writes) {
      change(byRwlock, round);
    } else {
      const long before = byRwlock.first;
      pause(round);
      EXPECT_EQ(byRwlock.first, before);
      EXPECT_EQ(byRwlock.second, before);
    }
    ASSERT_EQ(pthread_rwlock_unlock(&rwlock), 0);
  }

  void produce(int number) {
    ASSERT_EQ(pthread_mutex_lock(&buffer), 0);
    while (numFull == kPlaces)
      ASSERT_EQ(pthread_cond_wait(&emptied, &buffer), 0);
    ++numFull;
    balance += number;
    pthread_cond_signal(&filled);
    ASSERT_EQ(pthread_mutex_unlock(&buffer), 0);
  }

  void consume(int number) {
    ASSERT_EQ(pthread_mutex_lock(&buffer), 0);
    while (numFull == 0)
      ASSERT_EQ(pthread_cond_wait(&filled, &buffer), 0);
    --numFull;
    balance -= number;
    pthread_cond_broadcast(&emptied);
    ASSERT_EQ(pthread_mutex_unlock(&buffer), 0);
  }

  pthread_mutex_t recursive;
  Pair byRecursive;
  pthread_mutex_t timed = PTHREAD_MUTEX_INITIALIZER;
  Pair byTimed;
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  Pair byRwlock;

  static constexpr int kPlaces = 3;
  pthread_mutex_t buffer = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
  int numFull = 0;
  long balance = 0;
};

/// A loop whose jobs each work for one worker, from a first number on.
struct Runner {
  Runner(Io io, Shared &shared, int firstWorker) : shared(shared), worker(firstWorker) {
    EXPECT_TRUE(loop.open(io, 256 * 1024, 64, [](void *) {}, nullptr));
    for (int i = 0; i < kFlowsPerLoop; ++i)
      loop.post({[](void *argument) {
                   auto &self = *static_cast<Runner *>(argument);
                   self.shared.work(self.worker++);
                   if (--self.left == 0)
                     self.loop.quit();
                 },
                 this});
  }
  ~Runner() { loop.close(); }
  Runner(const Runner &) = delete;
  Runner &operator=(const Runner &) = delete;

  Shared &shared;
  Loop loop;
  int worker;
  int left = kFlowsPerLoop;
};

class LockStress : public IoTest {};

TEST_P(LockStress, NobodyIsLetInBesideAnother) {
  linkInterposedCalls();
  Shared shared;
  std::vector<std::unique_ptr<Runner>> runners;
  for (int i = 0; i < kLoops; ++i)
    runners.push_back(std::make_unique<Runner>(GetParam(), shared, i * kFlowsPerLoop));
  std::vector<std::thread> threads;
  for (auto &runner : runners)
    threads.emplace_back([&runner] { runner->loop.run(); });
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&shared, i] { shared.work(kLoops * kFlowsPerLoop + i); });
  for (std::thread &thread : threads)
    thread.join();
  shared.expectAllWork();
}

INSTANTIATE_TEST_SUITE_P(Io, LockStress, everyIo(), nameOfIo);

} // namespace
