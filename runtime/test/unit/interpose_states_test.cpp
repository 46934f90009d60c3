/// interpose_states_test.cpp - what a thread keeps for itself, in jobs of a loop: each has its own.
#include "core/os/floating_point.h"
#include "interpose_support.h"

#include <algorithm>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <thread>
#include <threads.h>
#include <vector>

using namespace flux;
using namespace flux_test;

namespace {

struct StatesTest : InterposeTest {
  /// Lets jobs run by turns, several times.
  void takeTurns(int count, const std::function<void(int, int)> &body) {
    for (int i = 0; i < count; ++i)
      job([&body, i] {
        for (int turn = 0; turn < 4; ++turn) {
          body(i, turn);
          sched_yield();
        }
      });
    run();
  }
};

// A locale that one job uses is not another's, nor the thread's or a later job's.
TEST_P(StatesTest, Locales) {
  const locale_t before = uselocale(nullptr);
  locale_t own[3];
  for (locale_t &each : own)
    each = newlocale(LC_ALL_MASK, "C", nullptr);
  takeTurns(3, [&](int i, int turn) {
    if (turn == 0)
      EXPECT_EQ(uselocale(i == 2 ? nullptr : own[i]), before);
    EXPECT_EQ(uselocale(nullptr), i == 2 ? before : own[i]);
  });
  EXPECT_EQ(uselocale(nullptr), before);
  job([&] { uselocale(own[0]); });
  job([&] { EXPECT_EQ(uselocale(nullptr), before); });
  run();
  for (locale_t each : own)
    freelocale(each);
}

bool isBlocked(int signal) {
  sigset_t set;
  EXPECT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &set), 0);
  return sigismember(&set, signal) == 1;
}

// So it is with signals that are blocked; changing back ends it.
TEST_P(StatesTest, SignalMasks) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  takeTurns(3, [&](int i, int turn) {
    if (turn == 0 && i == 0)
      EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0);
    if (turn == 0 && i == 1)
      EXPECT_EQ(sigprocmask(SIG_BLOCK, &set, nullptr), 0);
    EXPECT_EQ(isBlocked(SIGUSR2), (i == 0 && turn < 3) || i == 1);
    if (turn == 2 && i == 0)
      EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, nullptr), 0);
  });
  EXPECT_FALSE(isBlocked(SIGUSR2));
  job([&] { EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0); });
  job([&] {
    EXPECT_FALSE(isBlocked(SIGUSR2));
    EXPECT_EQ(pthread_sigmask(-1, &set, nullptr), EINVAL);
    EXPECT_EQ(sigprocmask(-1, &set, nullptr), -1);
    EXPECT_EQ(errno, EINVAL);
  });
  run();
}

volatile sig_atomic_t delivered;

/// A signal whose handler counts, by itself in a set, and blocked or not by the job that asks for it.
struct CountedSignal {
  CountedSignal() {
    delivered = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    signal(SIGUSR2, [](int) { delivered = delivered + 1; });
  }
  ~CountedSignal() { signal(SIGUSR2, SIG_DFL); }
  void block() const { EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0); }
  void unblock() const { EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, nullptr), 0); }
  /// For the thread, which blocks it or not.
  static void raise() { EXPECT_EQ(pthread_kill(pthread_self(), SIGUSR2), 0); }
  sigset_t set;
};

// A signal that a job has blocked waits for that job: the others, which do not block it, are spared.
TEST_P(StatesTest, PendingSignalsWaitForTheirJob) {
  const CountedSignal counted;
  takeTurns(2, [&](int i, int turn) {
    if (i == 0 && turn == 0) {
      counted.block();
      counted.raise();
    }
    EXPECT_EQ(delivered, i == 1 && turn == 3 ? 1 : 0);
    EXPECT_EQ(isBlocked(SIGUSR2), i == 0);
    if (i == 0 && turn == 3) {
      counted.unblock();
      EXPECT_EQ(delivered, 1);
    }
  });
  EXPECT_FALSE(isBlocked(SIGUSR2));
}

// As with a thread that ends, what waits for a job goes with it.
TEST_P(StatesTest, PendingSignalsEndWithTheirJob) {
  const CountedSignal counted;
  job([&] {
    counted.block();
    counted.raise();
    sched_yield();
  });
  job([&] {
    sched_yield();
    sched_yield();
    EXPECT_FALSE(isBlocked(SIGUSR2));
  });
  run();
  EXPECT_EQ(delivered, 0);
  EXPECT_FALSE(isBlocked(SIGUSR2));
}

// Jobs of one thread are one to whoever sends it a signal: any of them that has it blocked may take it.
TEST_P(StatesTest, PendingSignalsAreForAllThatBlockThem) {
  const CountedSignal counted;
  job([&] {
    counted.block();
    for (int i = 0; i < 3; ++i)
      sched_yield();
    const timespec now = {};
    EXPECT_EQ(sigtimedwait(&counted.set, nullptr, &now), SIGUSR2);
  });
  job([&] {
    counted.block();
    counted.raise();
  });
  job([] { sched_yield(); });
  run();
  EXPECT_EQ(delivered, 0);
}

// A job that waits for a signal is given it, though it is sent while another runs that does not block it.
TEST_P(StatesTest, AwaitedSignalsAreNotDelivered) {
  const CountedSignal counted;
  job([&] {
    counted.block();
    int signal = 0;
    EXPECT_EQ(sigwait(&counted.set, &signal), 0);
    EXPECT_EQ(signal, SIGUSR2);
  });
  job([&] {
    sched_yield();
    EXPECT_FALSE(isBlocked(SIGUSR2));
    counted.raise();
  });
  run();
  EXPECT_EQ(delivered, 0);
  EXPECT_FALSE(isBlocked(SIGUSR2));
}

// What is for the process is not held back by one job that has it blocked.
TEST_P(StatesTest, SignalsOfTheProcessReachOthers) {
  const CountedSignal counted;
  job([&] {
    counted.block();
    EXPECT_EQ(kill(getpid(), SIGUSR2), 0);
    for (int i = 0; delivered == 0 && i < 1000; ++i)
      sched_yield();
    EXPECT_EQ(delivered, 1);
  });
  job([] { sched_yield(); });
  run();
}

// Each job goes on in its own text.
TEST_P(StatesTest, Tokens) {
  std::string texts[] = {"a0 a1 a2 a3", "b0 b1 b2 b3", "c0 c1 c2 c3"};
  takeTurns(3, [&](int i, int turn) {
    const char *token = strtok(turn == 0 ? texts[i].data() : nullptr, " ");
    const char expected[] = {static_cast<char>('a' + i), static_cast<char>('0' + turn), 0};
    EXPECT_STREQ(token, expected);
    if (turn == 3)
      EXPECT_EQ(strtok(nullptr, " "), nullptr);
  });
}

// The values of a key are each job's own. A key that is made again has none, and each value is destroyed once.
TEST_P(StatesTest, Keys) {
  static int destroyed;
  destroyed = 0;
  pthread_key_t key;
  ASSERT_EQ(pthread_key_create(&key,
                               [](void *value) {
                                 EXPECT_NE(value, nullptr);
                                 ++destroyed;
                               }),
            0);
  EXPECT_EQ(pthread_setspecific(key, &key), 0);
  takeTurns(3, [&](int i, int turn) {
    const auto value = static_cast<uintptr_t>(i + 1);
    if (turn == 0)
      EXPECT_EQ(pthread_setspecific(key, reinterpret_cast<void *>(value)), 0);
    EXPECT_EQ(pthread_getspecific(key), reinterpret_cast<void *>(value));
  });
  EXPECT_EQ(pthread_getspecific(key), &key);
  EXPECT_EQ(destroyed, 0);
  job([] {});
  run(); // on another loop, the first being closed
  EXPECT_EQ(destroyed, 3);
  job([&] {
    EXPECT_EQ(pthread_setspecific(key, &key), 0);
    EXPECT_EQ(pthread_key_delete(key), 0);
    pthread_key_t other;
    EXPECT_EQ(pthread_key_create(&other, nullptr), 0);
    EXPECT_EQ(pthread_getspecific(other), nullptr);
    EXPECT_EQ(pthread_key_delete(other), 0);
    EXPECT_EQ(pthread_setspecific(other, &key), EINVAL);
    EXPECT_EQ(pthread_setspecific(100000, &key), EINVAL);
    EXPECT_EQ(pthread_getspecific(100000), nullptr);
  });
  run();
  EXPECT_EQ(destroyed, 3);
}

// What destroys a value may ask for those of other keys, as libraries do that keep several.
TEST_P(StatesTest, KeysThatDestructorsAskFor) {
  static pthread_key_t key, other;
  static std::vector<const void *> found;
  found.clear();
  const auto destroy = [](void *) {
    found.push_back(pthread_getspecific(other));
    EXPECT_EQ(pthread_setspecific(other, nullptr), 0);
  };
  ASSERT_EQ(pthread_key_create(&key, destroy), 0);
  ASSERT_EQ(pthread_key_create(&other, nullptr), 0);
  static const char values[2] = {};
  takeTurns(2, [&](int i, int turn) {
    if (turn == 0)
      EXPECT_TRUE(pthread_setspecific(key, &values[i]) == 0 && pthread_setspecific(other, &values[i]) == 0);
  });
  job([] {});
  run(); // on another loop, the first being closed
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<const void *>{&values[0], &values[1]}));
  pthread_key_delete(key);
  pthread_key_delete(other);
}

// The same by the names of C11.
TEST_P(StatesTest, KeysOfC11) {
  tss_t key;
  ASSERT_EQ(tss_create(&key, nullptr), thrd_success);
  takeTurns(3, [&](int i, int turn) {
    const auto value = static_cast<uintptr_t>(i + 1);
    if (turn == 0)
      EXPECT_EQ(tss_set(key, reinterpret_cast<void *>(value)), thrd_success);
    EXPECT_EQ(tss_get(key), reinterpret_cast<void *>(value));
  });
  EXPECT_EQ(tss_get(key), nullptr);
  tss_delete(key);
}

// The rounding mode is each job's while it runs, and as before behind a scope, as are traps and flags.
TEST_P(StatesTest, FloatingPoint) {
  takeTurns(3, [&](int i, int turn) {
    static constexpr int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TONEAREST};
    if (turn == 0)
      fesetround(modes[i]);
    EXPECT_EQ(fegetround(), modes[i]);
  });
  std::thread([] {
    fesetround(FE_UPWARD);
    feclearexcept(FE_ALL_EXCEPT);
    {
      const FloatingPointScope scope;
      fesetround(FE_DOWNWARD);
      feenableexcept(FE_DIVBYZERO);
      feraiseexcept(FE_INEXACT);
    }
    EXPECT_EQ(fegetround(), FE_UPWARD);
    EXPECT_EQ(fegetexcept(), 0);
    EXPECT_EQ(fetestexcept(FE_ALL_EXCEPT), 0);
  }).join();
}

INSTANTIATE_TEST_SUITE_P(Io, StatesTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
