/// thread_call_test.cpp - what the kernel says of a thread that waits.
#include "core/os/pipe_ends.h"
#include "core/os/thread_call.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace flux;

namespace {

/// A thread that waits in `body` .
class Waiting {
public:
  template <typename Body>
  explicit Waiting(Body body)
      : thread([this, body] {
          id.store(gettid());
          body();
        }) {
    while (id.load() == 0)
      std::this_thread::yield();
  }
  ~Waiting() { thread.join(); }

  /// Looks until the thread sleeps in the call of that name.
  ThreadCall awaitCall(const char *name) const {
    for (;;) {
      const ThreadCall call = readThreadCall(id.load());
      const char *found = callName(call.number);
      if (call.sleeps && found && strcmp(found, name) == 0)
        return call;
      std::this_thread::yield();
    }
  }

private:
  std::atomic<pid_t> id{0};
  std::thread thread;
};

TEST(ThreadCallTest, ReadsFromAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  {
    const Waiting waiting([&] {
      char byte;
      EXPECT_EQ(read(ends[0], &byte, 1), 1);
    });
    const ThreadCall call = waiting.awaitCall("read");
    EXPECT_TRUE(waitsForDescriptor(call.number));
    EXPECT_EQ(call.argument[0], static_cast<uint64_t>(ends[0]));
    EXPECT_GE(call.threads, 2u);
    // It has not run in between.
    EXPECT_EQ(waiting.awaitCall("read").switches, call.switches);
    ASSERT_EQ(write(ends[1], "x", 1), 1);
  }
  close(ends[0]);
  close(ends[1]);
}

// The thread that asks is not in a call that waits.
TEST(ThreadCallTest, RunsItself) {
  const ThreadCall call = readThreadCall(gettid());
  EXPECT_FALSE(call.sleeps && callName(call.number) && waitsForDescriptor(call.number) && call.argument[0] == 0);
  EXPECT_GE(countThreads(), 1u);
}

TEST(ThreadCallTest, IsGone) { EXPECT_FALSE(readThreadCall(0x7ffffffe).sleeps); }

TEST(PipeEndsTest, BothEndsAreHere) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_TRUE(isPipeToItself(getpid(), ends[0]));
  EXPECT_TRUE(isPipeToItself(getpid(), ends[1]));
  close(ends[1]);
  EXPECT_FALSE(isPipeToItself(getpid(), ends[0]));
  EXPECT_FALSE(isPipeToItself(getpid(), ends[1]));
  close(ends[0]);
}

// What two writers share is not answered by either.
TEST(PipeEndsTest, ADuplicateIsTheSameEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int again = dup(ends[0]);
  close(ends[1]);
  EXPECT_FALSE(isPipeToItself(getpid(), ends[0]));
  close(ends[0]);
  close(again);
}

TEST(PipeEndsTest, OtherFiles) {
  int sockets[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
  EXPECT_FALSE(isPipeToItself(getpid(), sockets[0]));
  close(sockets[0]);
  close(sockets[1]);
  const int event = eventfd(0, 0);
  EXPECT_TRUE(isPipeToItself(getpid(), event));
  close(event);
}

} // namespace
