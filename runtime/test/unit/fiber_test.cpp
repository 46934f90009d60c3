/// fiber_test.cpp - stacks of their own, and what moves along with the switch.
#include "fiber/fiber.h"

#include <gtest/gtest.h>

#include <errno.h>
#include <stdexcept>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace flux;

namespace {

constexpr size_t kStack = 256 * 1024;

/// Two stacks of one thread: the test's own, and a fiber that runs `steps` of a body until it has ended.
class Pair {
public:
  explicit Pair(void (*steps)(Pair &)) : steps(steps) {
    adoptThread(own, thread);
    fiber = createFiber(mappedStacks, kStack, enter, this);
  }
  ~Pair() { destroyFiber(mappedStacks, fiber); }

  void resume() { switchFiber(own, *fiber); }
  void pause() { switchFiber(*fiber, own); }
  bool ended = false;
  int value = 0;
  Fiber *fiber;

private:
  static void enter(void *pair) {
    auto &self = *static_cast<Pair *>(pair);
    self.steps(self);
    self.ended = true;
    self.pause();
  }
  ThreadPlaces thread;
  Fiber own;
  void (*steps)(Pair &);
};

// Each goes on where it was left, with its local variables.
TEST(FiberTest, Alternates) {
  Pair pair([](Pair &self) {
    for (int i = 1; i <= 1000; ++i) {
      self.value = i;
      self.pause();
    }
  });
  for (int i = 1; i <= 1000; ++i) {
    pair.resume();
    ASSERT_EQ(pair.value, i);
  }
  pair.resume();
  EXPECT_TRUE(pair.ended);
}

/// Pages that the process has mapped.
long mappedPages() {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  EXPECT_TRUE(file && fscanf(file, "%ld", &pages) == 1);
  if (file)
    fclose(file);
  return pages;
}

// Nothing of a fiber is left where it has ended, though it never returns, not even what AddressSanitizer keeps for its
// variables.
TEST(FiberTest, LeavesNoMemoryBehind) {
  const auto run = [] {
    Pair pair([](Pair &self) {
      char text[64];
      snprintf(text, sizeof text, "%d", 17);
      self.pause();
      self.value = atoi(text);
    });
    pair.resume();
    pair.resume();
    EXPECT_EQ(pair.value, 17);
  };
  constexpr long kRuns = 100;
  const auto runAll = [&] {
    for (long i = 0; i < kRuns; ++i)
      run();
    return mappedPages();
  };
  // ThreadSanitizer takes memory of its own for the first ones, and in large pieces.
  const long before = runAll();
  EXPECT_LT(runAll() - before, kRuns * static_cast<long>(kStack) / sysconf(_SC_PAGESIZE));
}

// errno belongs to the flow, not to whoever ran last.
TEST(FiberTest, ErrnoIsItsOwn) {
  Pair pair([](Pair &self) {
    errno = ENOENT;
    self.pause();
    self.value = errno;
  });
  errno = EBADF;
  pair.resume();
  EXPECT_EQ(errno, EBADF);
  errno = EAGAIN;
  pair.resume();
  EXPECT_EQ(pair.value, ENOENT);
  EXPECT_EQ(errno, EAGAIN);
}

// Two handlers of exceptions that overlap without nesting: each rethrows its own.
TEST(FiberTest, ExceptionsAreItsOwn) {
  Pair pair([](Pair &self) {
    std::string caught;
    try {
      try {
        throw std::runtime_error("fiber");
      } catch (...) {
        self.pause();
        throw;
      }
    } catch (const std::exception &error) {
      caught = error.what();
    }
    self.value = caught == "fiber" && std::uncaught_exceptions() == 0;
  });
  std::string caught;
  try {
    try {
      throw std::runtime_error("test");
    } catch (...) {
      pair.resume();
      EXPECT_EQ(std::uncaught_exceptions(), 0);
      throw;
    }
  } catch (const std::exception &error) {
    caught = error.what();
    pair.resume();
  }
  EXPECT_EQ(caught, "test");
  EXPECT_EQ(pair.value, 1);
}

// While a destructor runs because of an exception, another fiber is not in that state.
TEST(FiberTest, UncaughtExceptionsAreItsOwn) {
  static Pair *current;
  struct Pauses {
    ~Pauses() { current->pause(); }
  };
  Pair pair([](Pair &self) {
    try {
      Pauses pauses;
      throw 7;
    } catch (int thrown) {
      self.value = thrown;
    }
  });
  current = &pair;
  pair.resume();
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  pair.resume();
  EXPECT_EQ(pair.value, 7);
}

// An exception that nobody takes ends the process, as it does in a thread.
TEST(FiberDeathTest, ExceptionsDoNotLeave) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(Pair([](Pair &) { throw std::runtime_error("nobody takes this"); }).resume(), "nobody takes this");
}

/// Returns `n` by so many calls with 1 KiB of frame each, all of which are live at the end.
__attribute__((noinline)) int depth(int n, volatile char *caller = nullptr) {
  volatile char frame[1024];
  frame[0] = 1;
  const int below = n == 0 ? 0 : depth(n - 1, frame) + frame[0];
  if (caller)
    caller[0] = frame[0];
  return below;
}

// The whole stack can be used.
TEST(FiberTest, DeepCalls) {
  Pair pair([](Pair &self) { self.value = depth(100); });
  pair.resume();
  EXPECT_EQ(pair.value, 100);
}

// Beyond it there is a page that faults.
TEST(FiberDeathTest, OverflowFaults) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(Pair([](Pair &self) { self.value = depth(100000); }).resume(), "");
}

// Trimming gives back what has been used, and nothing that is in use.
TEST(FiberTest, Trims) {
  Pair pair([](Pair &self) {
    for (int i = 0; i < 2; ++i) {
      depth(100);
      self.value = i + 1;
      self.pause();
    }
  });
  const auto resident = [&pair] {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages(pair.fiber->stack.size / page);
    EXPECT_EQ(mincore(pair.fiber->stack.base, pair.fiber->stack.size, pages.data()), 0);
    size_t count = 0;
    for (unsigned char each : pages)
      count += each & 1;
    return count;
  };
  pair.resume();
  const size_t used = resident();
  trimFiber(mappedStacks, *pair.fiber);
  EXPECT_GE(used, 20u);
  EXPECT_LE(resident(), 4u);
  pair.resume();
  EXPECT_EQ(pair.value, 2);
}

// What the system cannot give is an error, not a crash.
TEST(FiberTest, NoMemory) {
  EXPECT_EQ(createFiber(mappedStacks, size_t(1) << 46, [](void *) {}, nullptr), nullptr);
  EXPECT_EQ(errno, ENOMEM);
  EXPECT_EQ(createFiber(mappedStacks, SIZE_MAX - sizeof(Fiber), [](void *) {}, nullptr), nullptr);
  EXPECT_EQ(errno, ENOMEM);
}

} // namespace
