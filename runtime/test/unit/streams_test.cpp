/// streams_test.cpp - the program's streams at the forks of the process model: each line is written once, although
/// other threads write while the process forks, and no stream in use keeps it from forking.
#include "core/os/real.h"
#include "models/process/streams.h"
#include "support.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdio.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

/// A stream into a pipe, and a thread that reads from it the lines 0, 1, 2 ..., each once.
class Lines {
public:
  Lines() {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    stream = flux::real::fdopen(ends[1], "w"); // libc's own, as in the process model
    reader = std::thread([this, from = fdopen(ends[0], "r")] {
      char line[64];
      for (; fgets(line, sizeof line, from); ++count)
        EXPECT_EQ(line, std::to_string(count) + "\n");
      fclose(from);
    });
  }

  /// How many there were.
  int end() {
    fclose(stream);
    reader.join();
    return count;
  }

  FILE *stream;

private:
  std::thread reader;
  int count = 0;
};

/// Forks children that end as workers do, with a line that they have written.
void forkChildren(int count, FILE *stream) {
  for (int i = 0; i < count; ++i) {
    const pid_t pid = flux::forkWithoutStreams();
    if (pid == 0) {
      alarm(20);
      fprintf(stream, "%d\n", i);
      flux::flushStreams();
      _exit(0);
    }
    ASSERT_GT(pid, 0);
    int status = -1;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    ASSERT_EQ(status, 0) << "child " << i;
  }
}

TEST(StreamsTest, WriteEachLineOnce) {
  constexpr int kChildren = 50;
  Lines children, buffered, direct;
  std::atomic<bool> stop{false};
  int numBuffered = 0, numDirect = 0;
  std::thread bufferedWriter([&] {
    for (; !stop; ++numBuffered)
      fprintf(buffered.stream, "%d\n", numBuffered);
  });
  std::thread directWriter([&] {
    for (; !stop; ++numDirect)
      dprintf(fileno(direct.stream), "%d\n", numDirect);
  });
  forkChildren(kChildren, children.stream);
  stop = true;
  bufferedWriter.join();
  directWriter.join();
  EXPECT_EQ(children.end(), kChildren);
  EXPECT_EQ(buffered.end(), numBuffered);
  EXPECT_EQ(direct.end(), numDirect);
}

TEST(StreamsTest, ForksWhileAThreadReads) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FILE *from = fdopen(ends[0], "r");
  std::atomic<bool> begun{false};
  std::thread reader([&] {
    flockfile(from); // as fgets() does for as long as there is no line
    begun = true;
    char line[16];
    EXPECT_TRUE(fgets(line, sizeof line, from));
    funlockfile(from);
  });
  while (!begun)
    std::this_thread::yield();
  Lines children;
  forkChildren(1, children.stream);
  EXPECT_EQ(write(ends[1], "line\n", 5), 5);
  reader.join();
  EXPECT_EQ(children.end(), 1);
  fclose(from);
  close(ends[1]);
}

} // namespace
