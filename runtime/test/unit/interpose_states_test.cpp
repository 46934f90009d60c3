/// interpose_states_test.cpp - what a thread keeps for itself, in jobs of a loop: each has its own.
#include "core/os/floating_point.h"
#include "interpose_support.h"

#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <thread>
#include <threads.h>

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
