/// interpose_support.h - what tests of libc's blocking calls in jobs share.
#ifndef FLUX_TEST_UNIT_INTERPOSE_SUPPORT_H
#define FLUX_TEST_UNIT_INTERPOSE_SUPPORT_H

#include "core/os/real.h"
#include "io_parameter.h"
#include "loop/loop.h"
#include "posix/interpose.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace flux_test {

/// Runs jobs given as functions, each in the order it was begun in, until all have ended.
class InterposeTest : public IoTest {
protected:
  void SetUp() override {
    IoTest::SetUp();
    if (IsSkipped())
      return;
    flux::linkInterposedCalls();
    openLoop();
  }
  void TearDown() override { loop.close(); }

  void job(std::function<void()> body) { jobs.push_back({this, std::move(body)}); }

  /// May be called again, with new jobs.
  void run() {
    if (hasRun) {
      loop.close();
      loop.~Loop();
      new (&loop) flux::Loop();
      openLoop();
    }
    hasRun = true;
    left = jobs.size();
    for (Entry &entry : jobs)
      loop.post({[](void *argument) {
                   auto &self = *static_cast<Entry *>(argument);
                   self.body();
                   if (--self.test->left == 0)
                     self.test->loop.quit();
                 },
                 &entry});
    loop.run();
    jobs.clear();
  }

  void openLoop() {
    ASSERT_TRUE(loop.open(GetParam(), 256 * 1024, 4096, [](void *) {}, nullptr));
  }

  struct Entry {
    InterposeTest *test;
    std::function<void()> body;
  };
  flux::Loop loop;
  std::vector<Entry> jobs;
  size_t left = 0;
  bool hasRun = false;
};

struct Pair {
  explicit Pair(int type = SOCK_STREAM) { EXPECT_EQ(socketpair(AF_UNIX, type, 0, ends), 0); }
  ~Pair() {
    flux::real::close(ends[0]);
    flux::real::close(ends[1]);
  }
  int ends[2];
};

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    flux::real::close(ends[0]);
    flux::real::close(ends[1]);
  }
  int ends[2];
};

} // namespace flux_test

#endif // FLUX_TEST_UNIT_INTERPOSE_SUPPORT_H
