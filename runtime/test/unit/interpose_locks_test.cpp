/// interpose_locks_test.cpp - locks of all kinds in jobs of a loop: they exclude jobs as they exclude threads, whoever
/// holds them, and answer what they answer threads.
#include "core/os/clock.h"
#include "core/os/futex.h"
#include "interpose_support.h"
#include "support.h"

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <threads.h>

using namespace flux;
using namespace flux_test;

namespace {

struct LocksTest : InterposeTest {
  void SetUp() override {
    InterposeTest::SetUp();
    calibrateSpinning(); // as in a server
  }

  /// Begins jobs that all do the same.
  void jobs(int count, const std::function<void()> &body) {
    for (int i = 0; i < count; ++i)
      job(body);
  }

  /// What has to hold in a region that jobs enter one at a time.
  void beAlone() {
    EXPECT_EQ(++inside, 1);
    usleep(100);
    EXPECT_EQ(--inside, 0);
    ++entered;
  }
  int inside = 0, entered = 0;
};

/// A mutex with attributes.
struct MutexOf {
  explicit MutexOf(int type, int robust = PTHREAD_MUTEX_STALLED, int protocol = PTHREAD_PRIO_NONE,
                   int shared = PTHREAD_PROCESS_PRIVATE) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setrobust(&attributes, robust);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutexattr_setpshared(&attributes, shared);
    EXPECT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
    pthread_mutexattr_destroy(&attributes);
  }
  ~MutexOf() { EXPECT_EQ(pthread_mutex_destroy(&mutex), 0); }
  pthread_mutex_t *operator&() { return &mutex; }
  pthread_mutex_t mutex;
};

timespec in(uint64_t ms, clockid_t clock = CLOCK_REALTIME) { return toTimespec(nowNs(clock) + ms * kNsPerMs); }

// A mutex that is held by jobs that block: all get it, one at a time, whatever its attributes.
TEST_P(LocksTest, MutexesOfEveryKind) {
  for (int type : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ADAPTIVE_NP})
    for (int robust : {PTHREAD_MUTEX_STALLED, PTHREAD_MUTEX_ROBUST})
      for (int protocol : {PTHREAD_PRIO_NONE, PTHREAD_PRIO_INHERIT})
        for (int shared : {PTHREAD_PROCESS_PRIVATE, PTHREAD_PROCESS_SHARED}) {
          if (type == PTHREAD_MUTEX_ADAPTIVE_NP && robust == PTHREAD_MUTEX_ROBUST)
            continue; // there is none
          MutexOf mutex(type, robust, protocol, shared);
          entered = 0;
          jobs(4, [&] {
            EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
            beAlone();
            EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
          });
          run();
          EXPECT_EQ(entered, 4);
        }
}

// Many jobs, by the classes of C++.
TEST_P(LocksTest, MutexesAcrossBlockingCalls) {
  std::mutex mutex;
  jobs(50, [&] {
    std::lock_guard<std::mutex> guard(mutex);
    sched_yield();
    beAlone();
  });
  run();
  EXPECT_EQ(entered, 50);
}

// A job that locks again as soon as it has unlocked does not keep the others away.
TEST_P(LocksTest, MutexesAreShared) {
  std::mutex mutex;
  bool over = false;
  job([&] {
    while (!over) {
      std::lock_guard<std::mutex> guard(mutex);
      usleep(100);
    }
  });
  job([&] {
    usleep(50);
    for (int i = 0; i < 10; ++i)
      std::lock_guard<std::mutex> guard(mutex);
    over = true;
  });
  run();
}

// One that another thread holds parks the job: others go on.
TEST_P(LocksTest, MutexesOfOtherThreads) {
  std::mutex mutex;
  std::atomic<bool> held{false}, released{false};
  bool ended = false;
  std::thread other([&] {
    std::lock_guard<std::mutex> guard(mutex);
    held = true;
    waitUntil([&] { return released.load(); });
    ended = true;
  });
  waitUntil([&] { return held.load(); });
  job([&] {
    std::lock_guard<std::mutex> guard(mutex);
    EXPECT_TRUE(ended);
  });
  job([&] { released = true; });
  run();
  other.join();
}

// A thread waits for a mutex that a job holds while it blocks.
TEST_P(LocksTest, ThreadsWaitForJobs) {
  std::mutex mutex;
  std::atomic<bool> held{false};
  bool ended = false;
  std::thread other([&] {
    waitUntil([&] { return held.load(); });
    std::lock_guard<std::mutex> guard(mutex);
    EXPECT_TRUE(ended);
  });
  job([&] {
    std::lock_guard<std::mutex> guard(mutex);
    held = true;
    usleep(1000);
    ended = true;
  });
  run();
  other.join();
}

// A recursive mutex is the job's, not the thread's: it may lock it again, others may not, nor unlock it.
TEST_P(LocksTest, RecursiveMutexes) {
  for (int robust : {PTHREAD_MUTEX_STALLED, PTHREAD_MUTEX_ROBUST}) {
    MutexOf mutex(PTHREAD_MUTEX_RECURSIVE, robust);
    bool held = false, tried = false;
    job([&] {
      EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
      EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
      EXPECT_EQ(pthread_mutex_trylock(&mutex), 0);
      held = true;
      waitUntil([&] { return tried; });
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
      usleep(1000);
      held = false;
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
      EXPECT_EQ(pthread_mutex_unlock(&mutex), EPERM);
    });
    job([&] {
      EXPECT_TRUE(held);
      EXPECT_EQ(pthread_mutex_trylock(&mutex), EBUSY);
      EXPECT_EQ(pthread_mutex_unlock(&mutex), EPERM);
      tried = true;
      EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
      EXPECT_FALSE(held);
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    });
    run();
  }
}

// An error-checking mutex tells the job that holds it from the others of its thread, which wait. Whether it has held it
// before does not count.
TEST_P(LocksTest, ErrorCheckingMutexes) {
  for (int robust : {PTHREAD_MUTEX_STALLED, PTHREAD_MUTEX_ROBUST}) {
    MutexOf mutex(PTHREAD_MUTEX_ERRORCHECK, robust);
    jobs(3, [&] {
      for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(pthread_mutex_unlock(&mutex), EPERM);
        EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
        beAlone();
        EXPECT_EQ(pthread_mutex_lock(&mutex), EDEADLK);
        const timespec soon = in(1);
        EXPECT_EQ(pthread_mutex_timedlock(&mutex, &soon), EDEADLK);
        EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
      }
    });
    run();
  }
}

// Time-outs: they come while somebody else holds the lock, and do not when nobody does.
TEST_P(LocksTest, TimedMutexes) {
  for (int type : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE}) {
    MutexOf mutex(type);
    bool tried = false;
    job([&] {
      const timespec past = {0, 0};
      EXPECT_EQ(pthread_mutex_timedlock(&mutex, &past), 0); // free: the time does not count
      waitUntil([&] { return tried; });
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    });
    job([&] {
      const timespec soon = in(1), soonToo = in(1, CLOCK_MONOTONIC), late = in(60000), wrong = {0, 1000000000};
      EXPECT_EQ(pthread_mutex_timedlock(&mutex, &soon), ETIMEDOUT);
      EXPECT_EQ(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &soonToo), ETIMEDOUT);
      EXPECT_EQ(pthread_mutex_timedlock(&mutex, &wrong), EINVAL);
      tried = true;
      EXPECT_EQ(pthread_mutex_timedlock(&mutex, &late), 0);
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    });
    run();
  }
}

// The owner of a robust mutex is a thread that ends: the next job learns of it, and it may be mended or lost for all.
TEST_P(LocksTest, OwnersThatEnd) {
  for (bool isMended : {true, false}) {
    pthread_mutex_t mutex;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    ASSERT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
    std::atomic<bool> held{false}, wanted{false};
    std::thread owner([&] {
      EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
      held = true;
      waitUntil([&] { return wanted.load(); });
    });
    waitUntil([&] { return held.load(); });
    int mended = 0, lost = 0;
    jobs(4, [&] {
      wanted = true;
      const int result = pthread_mutex_lock(&mutex);
      if (result == ENOTRECOVERABLE) {
        ++lost;
        return;
      }
      if (result == EOWNERDEAD) {
        ++mended;
        usleep(1000);
        if (isMended)
          EXPECT_EQ(pthread_mutex_consistent(&mutex), 0);
      }
      EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    });
    run();
    EXPECT_EQ(mended, 1);
    EXPECT_EQ(lost, isMended ? 0 : 3);
    owner.join();
    pthread_mutex_destroy(&mutex);
  }
}

// A mutex in memory that processes share is unlocked by the other one, which tells nobody here.
TEST_P(LocksTest, OtherProcesses) {
  if (kUnderTsan)
    GTEST_SKIP() << "ThreadSanitizer does not know what another process unlocks";
  void *memory = mmap(nullptr, sizeof(MutexOf), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto *mutex =
      new (memory) MutexOf(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_SHARED);
  EXPECT_EQ(pthread_mutex_lock(&mutex->mutex), 0);
  const pid_t child = fork();
  if (child == 0) {
    usleep(5000);
    _exit(pthread_mutex_unlock(&mutex->mutex));
  }
  job([&] {
    EXPECT_EQ(pthread_mutex_lock(&mutex->mutex), 0);
    EXPECT_EQ(pthread_mutex_unlock(&mutex->mutex), 0);
  });
  run();
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  mutex->~MutexOf();
  munmap(memory, sizeof(MutexOf));
}

// The mutexes of C11 are those of POSIX, with results of their own.
TEST_P(LocksTest, MutexesOfC11) {
  mtx_t mutex, recursive;
  EXPECT_EQ(mtx_init(&mutex, mtx_timed), thrd_success);
  EXPECT_EQ(mtx_init(&recursive, mtx_plain | mtx_recursive), thrd_success);
  jobs(3, [&] {
    EXPECT_EQ(mtx_lock(&mutex), thrd_success);
    EXPECT_EQ(mtx_lock(&recursive), thrd_success);
    EXPECT_EQ(mtx_lock(&recursive), thrd_success);
    beAlone();
    EXPECT_EQ(mtx_trylock(&mutex), thrd_busy);
    EXPECT_EQ(mtx_unlock(&recursive), thrd_success);
    EXPECT_EQ(mtx_unlock(&recursive), thrd_success);
    EXPECT_EQ(mtx_unlock(&recursive), thrd_error);
    EXPECT_EQ(mtx_unlock(&mutex), thrd_success);
  });
  run();
  EXPECT_EQ(entered, 3);
  bool tried = false;
  job([&] {
    EXPECT_EQ(mtx_trylock(&mutex), thrd_success);
    waitUntil([&] { return tried; });
    EXPECT_EQ(mtx_unlock(&mutex), thrd_success);
  });
  job([&] {
    const timespec past = {0, 0};
    EXPECT_EQ(mtx_timedlock(&mutex, &past), thrd_timedout);
    tried = true;
  });
  run();
  mtx_destroy(&mutex);
  mtx_destroy(&recursive);
}

// A spin lock whose holder is parked: the others do not keep the loop from it.
TEST_P(LocksTest, SpinLocks) {
  pthread_spinlock_t lock;
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  jobs(5, [&] {
    EXPECT_EQ(pthread_spin_lock(&lock), 0);
    beAlone();
    EXPECT_EQ(pthread_spin_unlock(&lock), 0);
  });
  run();
  EXPECT_EQ(entered, 5);
  pthread_spin_destroy(&lock);
}

// Writers are alone, readers are not, and no writer comes among them.
TEST_P(LocksTest, ReadersAndWriters) {
  std::shared_mutex lock;
  int readers = 0, most = 0;
  for (int i = 0; i < 20; ++i)
    job([&, i] {
      if (i % 4 == 0) {
        std::unique_lock<std::shared_mutex> guard(lock);
        EXPECT_EQ(readers, 0);
        beAlone();
      } else {
        std::shared_lock<std::shared_mutex> guard(lock);
        EXPECT_EQ(inside, 0);
        most = std::max(most, ++readers);
        usleep(100);
        EXPECT_EQ(inside, 0);
        --readers;
      }
    });
  run();
  EXPECT_EQ(entered, 5);
  EXPECT_GT(most, 1);
}

// What a reader-writer lock says to who has it already, or waits too long.
TEST_P(LocksTest, ResultsOfReaderWriterLocks) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  bool tried = false;
  job([&] {
    EXPECT_EQ(pthread_rwlock_wrlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_wrlock(&lock), EDEADLK);
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), EDEADLK);
    EXPECT_EQ(pthread_rwlock_trywrlock(&lock), EBUSY);
    EXPECT_EQ(pthread_rwlock_tryrdlock(&lock), EBUSY);
    waitUntil([&] { return tried; });
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_trywrlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), EDEADLK);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  job([&] {
    const timespec past = {0, 0}, soon = in(1, CLOCK_MONOTONIC), wrong = {0, -1};
    EXPECT_EQ(pthread_rwlock_timedrdlock(&lock, &past), ETIMEDOUT);
    EXPECT_EQ(pthread_rwlock_timedwrlock(&lock, &past), ETIMEDOUT);
    EXPECT_EQ(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &soon), ETIMEDOUT);
    EXPECT_EQ(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &soon), ETIMEDOUT);
    EXPECT_EQ(pthread_rwlock_timedwrlock(&lock, &wrong), EINVAL);
    tried = true;
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  run();
  pthread_rwlock_destroy(&lock);
}

// A lock that prefers writers lets no reader in while one waits; when the writer gives up, readers go on.
TEST_P(LocksTest, PreferredWriters) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
  bool isWritten = false, hasRead = false;
  job([&] {
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    usleep(2000);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  job([&] {
    EXPECT_EQ(pthread_rwlock_wrlock(&lock), 0);
    isWritten = true;
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  job([&] {
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    EXPECT_TRUE(isWritten);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  run();
  job([&] {
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    while (!hasRead)
      usleep(100);
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  job([&] {
    const timespec soon = in(1);
    EXPECT_EQ(pthread_rwlock_timedwrlock(&lock, &soon), ETIMEDOUT);
  });
  job([&] {
    EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
    hasRead = true;
    EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  });
  run();
  pthread_rwlock_destroy(&lock);
}

// Jobs and threads exclude each other by a reader-writer lock.
TEST_P(LocksTest, ReaderWriterLocksOfOtherThreads) {
  std::shared_mutex lock;
  std::atomic<int> held{0};
  std::atomic<bool> released{false};
  int value = 0;
  std::thread writer([&] {
    std::unique_lock<std::shared_mutex> guard(lock);
    held = 1;
    waitUntil([&] { return released.load(); });
    value = 1;
  });
  waitUntil([&] { return held == 1; });
  for (int i = 0; i < 3; ++i)
    job([&, i] {
      if (i == 0) {
        std::unique_lock<std::shared_mutex> guard(lock);
        EXPECT_EQ(value, 1);
      } else {
        std::shared_lock<std::shared_mutex> guard(lock);
        EXPECT_EQ(value, 1);
      }
    });
  job([&] { released = true; });
  run();
  writer.join();
}

INSTANTIATE_TEST_SUITE_P(Io, LocksTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
