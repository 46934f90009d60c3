/// interpose_meetings_test.cpp - what jobs wait for that others do: conditions, semaphores, barriers, initialisation,
/// atomics and what the C++ library makes of them, messages, the end of threads. Between jobs of a loop, and between
/// those and threads, which a second loop is to the first.
#include "core/os/clock.h"
#include "interpose_support.h"
#include "posix/helpers.h"
#include "support.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <fcntl.h>
#include <future>
#include <latch>
#include <linux/futex.h>
#include <mqueue.h>
#include <mutex>
#include <semaphore.h>
#include <semaphore>
#include <signal.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <threads.h>

using namespace flux;
using namespace flux_test;

namespace {

struct MeetingsTest : InterposeTest {
  void SetUp() override {
    InterposeTest::SetUp();
    lookupHelpers.open(100);
  }
  void TearDown() override {
    lookupHelpers.close();
    InterposeTest::TearDown();
  }
  /// Helpers end before the loop that they have helped.
  void run() {
    lookupHelpers.close();
    lookupHelpers.open(100);
    InterposeTest::run();
  }
  void jobs(int count, const std::function<void()> &body) {
    for (int i = 0; i < count; ++i)
      job(body);
  }

  /// Runs two bodies that wait for each other: as two jobs, either of them first, and as a job and a thread, each way.
  void meet(const std::function<void()> &first, const std::function<void()> &second) {
    for (const auto &[one, other] : {std::pair(first, second), std::pair(second, first)}) {
      job(one);
      job(other);
      run();
      std::thread thread(other);
      job(one);
      run();
      thread.join();
    }
  }
};

timespec in(uint64_t ms, clockid_t clock = CLOCK_REALTIME) { return toTimespec(nowNs(clock) + ms * kNsPerMs); }

// Whoever waits for a condition is told of it, whoever signals.
TEST_P(MeetingsTest, Conditions) {
  std::mutex mutex;
  std::condition_variable condition;
  int turn = 0;
  const auto play = [&](int own) {
    for (int i = 0; i < 20; ++i) {
      std::unique_lock<std::mutex> lock(mutex);
      condition.wait(lock, [&] { return turn % 2 == own; });
      ++turn;
      condition.notify_one();
    }
  };
  meet([&] { play(0); }, [&] { play(1); });
  EXPECT_EQ(turn, 4 * 40);
}

// A signal wakes one, a broadcast all; nobody is woken by a signal that came before.
TEST_P(MeetingsTest, SignalsWakeOne) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  int woken = 0;
  job([&] { EXPECT_EQ(pthread_cond_signal(&condition), 0); });
  jobs(5, [&] {
    EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
    EXPECT_EQ(pthread_cond_wait(&condition, &mutex), 0);
    ++woken;
    EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  });
  job([&] {
    EXPECT_EQ(woken, 0);
    EXPECT_EQ(pthread_cond_signal(&condition), 0);
    usleep(1000);
    EXPECT_EQ(woken, 1);
    EXPECT_EQ(pthread_cond_signal(&condition), 0);
    EXPECT_EQ(pthread_cond_signal(&condition), 0);
    usleep(1000);
    EXPECT_EQ(woken, 3);
    EXPECT_EQ(pthread_cond_broadcast(&condition), 0);
    usleep(1000);
    EXPECT_EQ(woken, 5);
    pthread_cond_destroy(&condition);
  });
  run();
}

// Time-outs by either clock; the mutex is held again behind each wait.
TEST_P(MeetingsTest, TimedConditions) {
  pthread_mutexattr_t checking;
  pthread_mutexattr_init(&checking);
  pthread_mutexattr_settype(&checking, PTHREAD_MUTEX_ERRORCHECK);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_t mutex;
  pthread_cond_t condition, steady;
  pthread_mutex_init(&mutex, &checking);
  pthread_cond_init(&condition, nullptr);
  pthread_cond_init(&steady, &monotonic);
  const auto wait = [&] {
    timespec time = in(1);
    EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &time), EPERM); // the mutex is another one's
    EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
    time = in(1);
    EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &time), ETIMEDOUT);
    time = in(1, CLOCK_MONOTONIC);
    EXPECT_EQ(pthread_cond_timedwait(&steady, &mutex, &time), ETIMEDOUT);
    time = in(1, CLOCK_MONOTONIC);
    EXPECT_EQ(pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &time), ETIMEDOUT);
    time = {0, -1};
    EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &time), EINVAL);
    EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  };
  jobs(2, wait);
  run();
  if (!kUnderTsan) // which reports that a thread unlocks what it has not locked
    std::thread(wait).join();
  pthread_cond_destroy(&condition);
  pthread_cond_destroy(&steady);
  pthread_mutex_destroy(&mutex);
}

// A thread that waits gives its mutex back, which a job is told of, and takes it again when it is cancelled.
TEST_P(MeetingsTest, ThreadsInConditions) {
  if (kUnderTsan)
    GTEST_SKIP() << "ThreadSanitizer loses track of a thread that is cancelled while it waits";
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  struct Shared {
    pthread_mutex_t &mutex;
    pthread_cond_t &condition;
    std::atomic<bool> held{false}, mayWait{false};
    bool cleaned = false;
  } shared{mutex, condition};
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void *argument) -> void * {
                  auto &s = *static_cast<Shared *>(argument);
                  pthread_mutex_lock(&s.mutex);
                  s.held = true;
                  waitUntil([&] { return s.mayWait.load(); });
                  pthread_cleanup_push(
                      [](void *a) {
                        static_cast<Shared *>(a)->cleaned = true;
                        EXPECT_EQ(pthread_mutex_unlock(&static_cast<Shared *>(a)->mutex), 0);
                      },
                      &s);
                  for (;;)
                    pthread_cond_wait(&s.condition, &s.mutex);
                  pthread_cleanup_pop(0);
                  return nullptr;
                },
                &shared),
            0);
  waitUntil([&] { return shared.held.load(); });
  job([&] {
    std::thread later([&] { shared.mayWait = true; });
    EXPECT_EQ(pthread_mutex_lock(&mutex), 0); // given back by a wait
    later.join();
    EXPECT_EQ(pthread_cancel(thread), 0);
    usleep(1000);
    EXPECT_FALSE(shared.cleaned); // the thread wants the mutex for that
    EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    void *result;
    EXPECT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, PTHREAD_CANCELED);
    EXPECT_TRUE(shared.cleaned);
    EXPECT_EQ(pthread_mutex_trylock(&mutex), 0);
    EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  });
  run();
}

// Conditions and mutexes of C11.
TEST_P(MeetingsTest, ConditionsOfC11) {
  mtx_t mutex;
  cnd_t condition;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  bool ready = false;
  meet(
      [&] {
        EXPECT_EQ(mtx_lock(&mutex), thrd_success);
        while (!ready)
          EXPECT_EQ(cnd_wait(&condition, &mutex), thrd_success);
        const timespec soon = in(1);
        EXPECT_EQ(cnd_timedwait(&condition, &mutex, &soon), thrd_timedout);
        ready = false;
        EXPECT_EQ(mtx_unlock(&mutex), thrd_success);
      },
      [&] {
        usleep(500);
        EXPECT_EQ(mtx_lock(&mutex), thrd_success);
        ready = true;
        EXPECT_EQ(cnd_signal(&condition), thrd_success);
        EXPECT_EQ(cnd_broadcast(&condition), thrd_success);
        EXPECT_EQ(mtx_unlock(&mutex), thrd_success);
      });
  mtx_destroy(&mutex);
  cnd_destroy(&condition);
}

// Every post lets one go on.
TEST_P(MeetingsTest, Semaphores) {
  sem_t one, other;
  sem_init(&one, 0, 0);
  sem_init(&other, 0, 0);
  const auto play = [](sem_t &own, sem_t &theirs) {
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(sem_post(&theirs), 0);
      errno = EXDEV;
      EXPECT_EQ(sem_wait(&own), 0);
      EXPECT_EQ(errno, EXDEV);
    }
  };
  meet([&] { play(one, other); }, [&] { play(other, one); });
  job([&] {
    const timespec soon = in(1), soonToo = in(1, CLOCK_MONOTONIC), wrong = {0, -1};
    EXPECT_EQ(sem_timedwait(&one, &soon), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    EXPECT_EQ(sem_clockwait(&one, CLOCK_MONOTONIC, &soonToo), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    EXPECT_EQ(sem_timedwait(&one, &wrong), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(sem_trywait(&one), -1);
    EXPECT_EQ(errno, EAGAIN);
  });
  run();
  sem_destroy(&one);
  sem_destroy(&other);
}

// A post by a signal handler, which may come at any time.
TEST_P(MeetingsTest, SemaphoresOfHandlers) {
  static sem_t posted, idle;
  static std::atomic<int> posts;
  posts = 0;
  sem_init(&posted, 0, 0);
  sem_init(&idle, 0, 0);
  struct sigaction action = {}, before;
  action.sa_handler = [](int) {
    const int saved = errno;
    sem_post(&posted);
    ++posts;
    errno = saved;
  };
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  std::atomic<bool> over{false};
  const pthread_t loopThread = pthread_self();
  std::thread sender([&] {
    for (int i = 0; i < 2000; ++i) {
      pthread_kill(loopThread, SIGUSR1);
      if (i % 16 == 0)
        std::this_thread::yield();
    }
    over = true;
  });
  job([&] {
    int taken = 0;
    const auto isLeft = [&] { return !over || taken < posts; };
    while (isLeft()) {
      const timespec soon = in(2);
      if (sem_timedwait(&posted, &soon) == 0)
        ++taken;
      else if (errno == EINTR)
        continue;
    }
    EXPECT_EQ(taken, posts);
  });
  // The loop is mostly in the middle of queues.
  job([&] {
    while (!over) {
      const timespec soon = in(0);
      sem_timedwait(&idle, &soon);
    }
  });
  run();
  sender.join();
  sigaction(SIGUSR1, &before, nullptr);
}

// A semaphore with a name, which another process posts.
TEST_P(MeetingsTest, SemaphoresOfProcesses) {
  const std::string name = "/flux-test-" + std::to_string(getpid());
  sem_t *semaphore = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 0);
  ASSERT_NE(semaphore, SEM_FAILED);
  sem_unlink(name.c_str());
  const pid_t child = fork();
  if (child == 0) {
    usleep(5000);
    _exit(sem_post(semaphore));
  }
  job([&] { EXPECT_EQ(sem_wait(semaphore), 0); });
  run();
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  sem_close(semaphore);
}

// Jobs and threads pass a barrier together, round by round; one of each round is told that it is the one. It may be
// destroyed at once.
TEST_P(MeetingsTest, Barriers) {
  for (int round = 0; round < 20; ++round) {
    pthread_barrier_t barrier;
    ASSERT_EQ(pthread_barrier_init(&barrier, nullptr, 4), 0);
    std::atomic<int> before{0}, serial{0};
    const auto pass = [&] {
      for (int i = 1; i <= 5; ++i) {
        ++before;
        const int result = pthread_barrier_wait(&barrier);
        EXPECT_GE(before, 4 * i);
        if (result == PTHREAD_BARRIER_SERIAL_THREAD)
          ++serial;
        else
          EXPECT_EQ(result, 0);
      }
    };
    std::thread thread(pass);
    jobs(3, pass);
    run();
    thread.join();
    EXPECT_EQ(serial, 5);
    EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
  }
}

// Those who come while something is being initialised wait until it is done, and see it.
TEST_P(MeetingsTest, Once) {
  static int value;
  static pthread_once_t control;
  static once_flag flag;
  for (int round = 0; round < 10; ++round) {
    value = 0;
    control = PTHREAD_ONCE_INIT;
    flag = ONCE_FLAG_INIT;
    const auto initialise = [] {
      const int before = value;
      usleep(500);
      value = before + 1;
    };
    const auto first = [&] {
      pthread_once(&control, initialise);
      EXPECT_GE(value, 1);
    };
    jobs(3, first);
    std::thread thread(first);
    run();
    thread.join();
    EXPECT_EQ(value, 1);
    jobs(3, [&] {
      call_once(&flag, initialise);
      EXPECT_EQ(value, 2);
    });
    run();
  }
}

// An initialisation that fails with an exception is tried by the next one; each does its own.
TEST_P(MeetingsTest, OnceWithExceptions) {
  std::once_flag flag, others[5];
  int tried = 0, failed = 0, elsewhere = 0;
  for (int i = 0; i < 5; ++i)
    job([&, i] {
      std::call_once(others[i], [&] { ++elsewhere; });
      try {
        std::call_once(flag, [&, i] {
          ++tried;
          usleep(500);
          std::call_once(others[(i + 3) % 5], [&] { ++elsewhere; });
          if (i < 2)
            throw i;
        });
      } catch (int thrown) {
        EXPECT_EQ(thrown, i);
        ++failed;
      }
    });
  run();
  EXPECT_EQ(elsewhere, 5);
  EXPECT_EQ(tried, 3);
  EXPECT_EQ(failed, 2);
}

// A variable of a function whose initialiser blocks.
TEST_P(MeetingsTest, StaticVariables) {
  if (kUnderTsan)
    GTEST_SKIP() << "ThreadSanitizer keeps guards of its own, which block the thread";
  static int made;
  made = 0;
  const auto use = [] {
    struct Slow {
      Slow() {
        usleep(1000);
        ++made;
      }
    };
    [[maybe_unused]] static Slow slow;
    EXPECT_EQ(made, 1);
  };
  if (GetParam() != Io::Epoll)
    return; // once in a process
  std::thread thread(use);
  jobs(3, use);
  run();
  thread.join();
}

// What the C++ library waits for by futexes.
TEST_P(MeetingsTest, Atomics) {
  std::atomic<int> word{0};
  std::atomic<uint64_t> large{0};
  std::atomic_flag flag = ATOMIC_FLAG_INIT;
  meet(
      [&] {
        word.wait(0);
        large.wait(0);
        flag.wait(false);
        word = 0;
        large = 0;
        flag.clear();
      },
      [&] {
        usleep(300);
        word = 1;
        word.notify_one();
        usleep(300);
        large = 1;
        large.notify_all();
        usleep(300);
        flag.test_and_set();
        flag.notify_all();
      });
}

TEST_P(MeetingsTest, LatchesBarriersAndSemaphoresOfCxx) {
  std::barrier<> barrier(2);
  std::counting_semaphore<8> one(0), other(0);
  int value = 0;
  meet(
      [&] {
        barrier.arrive_and_wait();
        one.acquire();
        value = 0;
        other.release();
        barrier.arrive_and_wait();
      },
      [&] {
        barrier.arrive_and_wait();
        usleep(200);
        EXPECT_FALSE(other.try_acquire_for(std::chrono::milliseconds(1)));
        value = 1;
        one.release();
        other.acquire();
        EXPECT_EQ(value, 0);
        barrier.arrive_and_wait();
      });
  std::latch latch(3);
  jobs(3, [&] { latch.arrive_and_wait(); });
  run();
}

TEST_P(MeetingsTest, Futures) {
  for (int i = 0; i < 3; ++i) {
    std::promise<int> promise;
    job([&] {
      std::future<int> future = promise.get_future();
      EXPECT_EQ(future.wait_for(std::chrono::milliseconds(1)), std::future_status::timeout);
      EXPECT_EQ(future.get(), 7);
    });
    job([&] {
      usleep(3000);
      promise.set_value(7);
    });
    job([] {
      auto later = std::async(std::launch::async, [] {
        usleep(1000);
        return 5;
      });
      EXPECT_EQ(later.get(), 5);
    });
    run();
  }
}

// Futexes as such: what is not so is told, as is a time that is over, and as many are woken as are asked for.
TEST_P(MeetingsTest, Futexes) {
  static uint32_t word, elsewhere;
  word = 1;
  const auto futex = [](int operation, long value, const timespec *time = nullptr, uint32_t bits = 0) {
    return syscall(SYS_futex, &word, operation, value, time, &elsewhere, bits);
  };
  int waiting = 0, woken = 0; // of those that wait for a waker
  for (int flags : {0, FUTEX_PRIVATE_FLAG}) {
    word = 1;
    waiting = woken = 0;
    jobs(3, [&] {
      EXPECT_EQ(futex(FUTEX_WAIT | flags, 2), -1);
      EXPECT_EQ(errno, EAGAIN);
      const timespec short_ = {0, 1000000}, past = {0, 1};
      EXPECT_EQ(futex(FUTEX_WAIT | flags, 1, &short_), -1);
      EXPECT_EQ(errno, ETIMEDOUT);
      EXPECT_EQ(futex(FUTEX_WAIT_BITSET | flags, 1, &past, FUTEX_BITSET_MATCH_ANY), -1);
      EXPECT_EQ(errno, ETIMEDOUT);
      ++waiting;
      EXPECT_EQ(futex(FUTEX_WAIT | flags, 1), 0);
      ++woken;
    });
    job([&] {
      ++waiting;
      EXPECT_EQ(futex(FUTEX_WAIT_BITSET | flags, 1, nullptr, 4), 0);
      woken += 100;
    });
    job([&] {
      while (waiting < 4)
        usleep(100);
      EXPECT_EQ(futex(FUTEX_WAKE_BITSET | flags, 10, nullptr, 4), 4);
      usleep(1000);
      EXPECT_EQ(woken, 103);
    });
    run();
    jobs(3, [&] { EXPECT_EQ(futex(FUTEX_WAIT | flags, 1), 0); });
    job([&] {
      EXPECT_EQ(futex(FUTEX_WAKE | flags, 2), 2);
      EXPECT_EQ(futex(FUTEX_WAKE | flags, 5), 1);
      EXPECT_EQ(futex(FUTEX_WAKE | flags, 5), 0);
    });
    run();
  }
}

// A futex in memory that processes share: who wakes it is another process, and nothing in the call says so.
TEST_P(MeetingsTest, FutexesOfProcesses) {
  void *memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto *word = static_cast<uint32_t *>(memory);
  const pid_t child = fork();
  if (child == 0) {
    usleep(200000);
    __atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    _exit(0);
  }
  job([&] {
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0)
      if (syscall(SYS_futex, word, FUTEX_WAIT, 0, nullptr, nullptr, 0) != 0)
        EXPECT_EQ(errno, EAGAIN);
  });
  run();
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  munmap(memory, 4096);
}

// Message queues with names: receivers wait for messages, senders for room.
TEST_P(MeetingsTest, MessageQueues) {
  const std::string name = "/flux-test-" + std::to_string(getpid());
  mq_attr attributes = {};
  attributes.mq_maxmsg = 2;
  attributes.mq_msgsize = 8;
  const mqd_t queue = mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
  if (queue < 0)
    GTEST_SKIP() << "the system has no message queues: " << strerror(errno);
  mq_unlink(name.c_str());
  meet(
      [&] {
        for (char i = 0; i < 10; ++i)
          EXPECT_EQ(mq_send(queue, &i, 1, 0), 0);
      },
      [&] {
        for (char i = 0; i < 10; ++i) {
          char message[8];
          EXPECT_EQ(mq_receive(queue, message, sizeof message, nullptr), 1);
          EXPECT_EQ(message[0], i);
        }
      });
  job([&] {
    char message[8];
    const timespec soon = in(1), wrong = {0, -1};
    EXPECT_EQ(mq_timedreceive(queue, message, sizeof message, nullptr, &soon), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    EXPECT_EQ(mq_timedreceive(queue, message, sizeof message, nullptr, &wrong), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(mq_send(queue, message, 1, 0), 0);
    EXPECT_EQ(mq_send(queue, message, 1, 0), 0);
    EXPECT_EQ(mq_timedsend(queue, message, 1, 0, &soon), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    EXPECT_EQ(mq_close(queue), 0);
  });
  run();
}

// Messages and semaphores of System V.
TEST_P(MeetingsTest, SystemV) {
  const int queue = msgget(IPC_PRIVATE, 0600), set = semget(IPC_PRIVATE, 2, 0600);
  if (queue < 0 || set < 0)
    GTEST_SKIP() << "the system has no such objects: " << strerror(errno);
  struct Message {
    long type;
    char text[4];
  };
  meet(
      [&] {
        Message message = {};
        EXPECT_EQ(msgrcv(queue, &message, sizeof message.text, 3, 0), 4);
        EXPECT_STREQ(message.text, "abc");
        EXPECT_EQ(msgrcv(queue, &message, sizeof message.text, 0, IPC_NOWAIT), -1);
        EXPECT_EQ(errno, ENOMSG);
        sembuf take[] = {{0, -1, 0}, {1, -2, 0}};
        EXPECT_EQ(semop(set, take, 2), 0);
      },
      [&] {
        usleep(300);
        const Message message = {3, "abc"};
        EXPECT_EQ(msgsnd(queue, &message, sizeof message.text, 0), 0);
        usleep(300);
        sembuf give[] = {{0, 1, 0}, {1, 2, 0}};
        EXPECT_EQ(semop(set, give, 2), 0);
      });
  job([&] {
    sembuf take = {0, -1, 0};
    const timespec short_ = {0, 1000000};
    EXPECT_EQ(semtimedop(set, &take, 1, &short_), -1);
    EXPECT_EQ(errno, EAGAIN);
  });
  run();
  msgctl(queue, IPC_RMID, nullptr);
  semctl(set, 0, IPC_RMID);
}

// The end of a thread, which may need the loop itself for that.
TEST_P(MeetingsTest, Joins) {
  Pipe pipe;
  job([&] {
    std::thread thread([&] {
      char byte;
      EXPECT_EQ(real::read(pipe.ends[0], &byte, 1), 1);
    });
    thread.join();
  });
  job([&] {
    usleep(500);
    EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  });
  Pipe held;
  job([&] {
    pthread_t thread;
    const auto body = [](void *end) -> void * {
      char byte;
      EXPECT_EQ(real::read(*static_cast<int *>(end), &byte, 1), 1);
      return reinterpret_cast<void *>(5);
    };
    ASSERT_EQ(pthread_create(&thread, nullptr, body, &held.ends[0]), 0);
    void *result = nullptr;
    const timespec soon = in(1), soonToo = in(1, CLOCK_MONOTONIC);
    EXPECT_EQ(pthread_timedjoin_np(thread, &result, &soon), ETIMEDOUT);
    EXPECT_EQ(pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &soonToo), ETIMEDOUT);
    EXPECT_EQ(pthread_join(pthread_self(), nullptr), EDEADLK);
    EXPECT_EQ(write(held.ends[1], "x", 1), 1);
    EXPECT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, reinterpret_cast<void *>(5));
  });
  // ThreadSanitizer does not know threads of C11, and instrumented code cannot run on them.
  if (!kUnderTsan)
    job([] {
      thrd_t thread;
      const auto body = [](void *) -> int {
        usleep(1000);
        return 6;
      };
      ASSERT_EQ(thrd_create(&thread, body, nullptr), thrd_success);
      int result = 0;
      EXPECT_EQ(thrd_join(thread, &result), thrd_success);
      EXPECT_EQ(result, 6);
    });
  run();
}

INSTANTIATE_TEST_SUITE_P(Io, MeetingsTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
