/// stall_detector_test.cpp - what holds a loop is reported, and nothing else.
#include "core/os/clock.h"
#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "loop/loop.h"
#include "loop/stall_detector.h"
#include "support.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <regex>
#include <spawn.h>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace flux;
using namespace flux_test;

namespace {

/// Runs one job on a loop that is watched.
class StallTest : public testing::Test {
protected:
  void SetUp() override {
    useTestProgram(); // messages name it
    stallMs = 20;
    ASSERT_TRUE(loop.open(Io::Epoll, 256 * 1024, 16, [](void *) {}, nullptr));
  }
  void TearDown() override {
    loop.close();
    stallMs = 100;
  }

  /// Returns what is written to standard error meanwhile.
  template <typename F> std::string run(F body) {
    auto whole = [&] {
      body();
      loop.quit();
    };
    loop.post({[](void *function) { (*static_cast<decltype(whole) *>(function))(); }, &whole});
    testing::internal::CaptureStderr();
    detector.start(loop.watchable());
    EXPECT_TRUE(loop.run());
    detector.stop();
    return testing::internal::GetCapturedStderr();
  }

  Loop loop;
  StallDetector detector;
};

bool has(const std::string &text, const char *expression) { return std::regex_search(text, std::regex(expression)); }

} // namespace

// Seen in backtraces.
extern "C" __attribute__((noinline)) void spinUntilReported(StallDetector &detector) {
  while (detector.count() == 0)
    nowNs(); // a call that ThreadSanitizer lets signals in at
}

extern "C" __attribute__((noinline)) void waitInRead(int fd) {
  char byte;
  EXPECT_EQ(real::read(fd, &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
}

namespace {

// The node that runs is named, with its place and the functions that it is in.
TEST_F(StallTest, NamesTheNode) {
  const ScopedContext context;
  const std::string log = run([&] {
    setCurrentContext(&*context);
    context->head.node = kNodeB;
    spinUntilReported(detector);
    context->head.node = FLUX_IR_NO_NODE;
    setCurrentContext(nullptr);
  });
  EXPECT_TRUE(has(log, "flux: test: node 'B' \\(test.flux:2\\) has held the event loop for [0-9]+ ms, "
                       "[0-9]+ of them on the processor; it is in\n"))
      << log;
  EXPECT_TRUE(has(log, "spinUntilReported")) << log;
  EXPECT_EQ(detector.count(), 1u);
}

// So is the call that it waits in, which goes on behind the report as if nothing had happened.
TEST_F(StallTest, NamesTheCall) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::thread writer([&] {
    waitUntil([&] { return detector.count() > 0; });
    EXPECT_EQ(real::write(ends[1], "x", 1), 1);
  });
  const std::string log = run([&] { waitInRead(ends[0]); });
  writer.join();
  EXPECT_TRUE(has(log, "something outside of nodes has held the event loop for [0-9]+ ms")) << log;
  EXPECT_TRUE(has(log, "waitInRead")) << log;
  real::close(ends[0]);
  real::close(ends[1]);
}

// posix_spawn() takes no signals before the child has begun its program, which here opens a pipe first that nobody
// writes to yet: that is said first, and what it was later.
TEST_F(StallTest, CallsThatTakeNoSignals) {
  const std::string name = testing::TempDir() + "flux-stall-test-" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(name.c_str(), 0600), 0);
  std::thread writer([&] {
    waitUntil([&] { return detector.count() > 0; });
    real::close(open(name.c_str(), O_WRONLY));
  });
  const std::string log = run([&] {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name.c_str(), O_RDONLY, 0);
    const char *const arguments[] = {"true", nullptr};
    pid_t child;
    EXPECT_EQ(posix_spawnp(&child, "true", &actions, nullptr, const_cast<char *const *>(arguments), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(real::wait4(child, nullptr, 0, nullptr), child);
  });
  writer.join();
  unlink(name.c_str());
  EXPECT_TRUE(has(log, "a system call that takes no signals has held the event loop for [0-9]+ ms\n"
                       "flux: test: something outside of nodes has held the event loop"))
      << log;
  EXPECT_EQ(detector.count(), 1u);
}

/// How often the detector's thread has gone to sleep.
uint64_t sleeps() {
  for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string word;
    std::ifstream(task.path() / "comm") >> word;
    std::ifstream status(task.path() / "status");
    while (word == "flux-stalls" && status >> word) {
      if (word == "voluntary_ctxt_switches:" && status >> word)
        return std::stoull(word);
      word = "flux-stalls";
    }
  }
  return 0;
}

// While the loop sleeps, nobody wakes up to look at it.
TEST_F(StallTest, SleepsBesideTheLoop) {
  std::atomic<Fiber *> parked{nullptr};
  std::thread watcher([&] {
    // Ends when there were none for longer than the detector pauses between two looks.
    waitUntil([&] {
      const uint64_t before = sleeps();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      return parked && before > 0 && sleeps() == before;
    });
    loop.permitFromElsewhere(*parked);
  });
  const std::string log = run([&] {
    parked = &loop.fiber();
    loop.park();
  });
  watcher.join();
  EXPECT_EQ(log, "");
}

// A loop that sleeps for moments does not wake the detector behind each of them: it pauses before it sleeps with the
// loop, for a quarter of the limit.
TEST_F(StallTest, PausesBesideBusyLoop) {
  uint64_t slept = 0, paused = 0;
  run([&] {
    const uint64_t before = sleeps(), start = nowNs();
    for (int i = 0; i < 300; ++i)
      loop.await(nullptr, 0, nowNs() + kNsPerMs);
    paused = (nowNs() - start) / (5 * kNsPerMs) + 1;
    slept = sleeps() - before;
  });
  EXPECT_LE(slept, 2 * paused + 2);
}

// Nobody watches if nobody wants to know.
TEST_F(StallTest, Off) {
  stallMs = 0;
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  const auto before = threads();
  run([&] { EXPECT_EQ(threads(), before); });
  EXPECT_EQ(detector.count(), 0u);
}

} // namespace
