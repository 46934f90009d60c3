/// interpose_stdio_test.cpp - streams of stdio that flows share: the lock of a stream is a flow's.
#include "core/os/real.h"
#include "interpose_support.h"
#include "support.h"

#include <atomic>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>
#include <wchar.h>

using namespace flux;
using namespace flux_test;

namespace {

class StdioTest : public InterposeTest {};

/// A stream into memory.
struct Memory {
  Memory() : stream(open_memstream(&text, &size)) {}
  ~Memory() {
    fclose(stream);
    free(text);
  }
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  std::string content() {
    fflush(stream);
    return {text, size};
  }
  char *text = nullptr;
  size_t size = 0;
  FILE *stream;
};

/// Calls that write one byte, or as good as one.
const std::vector<void (*)(FILE *)> writers = {
    [](FILE *stream) { fputs("b", stream); },
    [](FILE *stream) { fputc('b', stream); },
    [](FILE *stream) { putc('b', stream); },
    [](FILE *stream) { fwrite("b", 1, 1, stream); },
    [](FILE *stream) { fprintf(stream, "%c", 'b'); },
    [](FILE *stream) {
      flockfile(stream);
      putc_unlocked('b', stream);
      funlockfile(stream);
    },
};

// A flow that has locked a stream is alone with it, whatever others of its loop call, and may lock it again.
TEST_P(StdioTest, LockedStreamIsOneFlows) {
  Memory memory;
  job([&] {
    flockfile(memory.stream);
    fputs("a", memory.stream);
    flockfile(memory.stream);
    for (size_t i = 0; i < 2 * writers.size(); ++i)
      sched_yield();
    funlockfile(memory.stream);
    sched_yield();
    EXPECT_EQ(ftrylockfile(memory.stream), 0);
    fputs("a", memory.stream);
    funlockfile(memory.stream);
    funlockfile(memory.stream);
  });
  for (auto writer : writers)
    job([&memory, writer] {
      EXPECT_NE(ftrylockfile(memory.stream), 0);
      writer(memory.stream);
    });
  run();
  EXPECT_EQ(memory.content(), "aa" + std::string(writers.size(), 'b'));
}

// A flow that is parked within a call on a stream has it until the call returns.
TEST_P(StdioTest, CallThatWaitsIsLeftAlone) {
  Pipe pipe;
  FILE *in = fdopen(dup(pipe.ends[0]), "r");
  std::string first, second;
  const auto readLine = [in](std::string &into) {
    char line[16] = {};
    EXPECT_TRUE(fgets(line, sizeof line, in));
    into = line;
  };
  job([&] { readLine(first); });
  job([&] { readLine(second); });
  job([&] {
    for (const char *piece : {"o", "ne", "\nt", "wo", "\n"}) {
      EXPECT_GT(real::write(pipe.ends[1], piece, strlen(piece)), 0);
      usleep(1000);
    }
  });
  run();
  EXPECT_EQ(first, "one\n");
  EXPECT_EQ(second, "two\n");
  fclose(in);
}

/// Calls that read, or look where reading is.
const std::vector<void (*)(FILE *)> readers = {
    [](FILE *stream) {
      int number = 0;
      EXPECT_EQ(fscanf(stream, "%d", &number), 1);
    },
    [](FILE *stream) { EXPECT_NE(fgetc(stream), EOF); },
    [](FILE *stream) { EXPECT_NE(getc(stream), EOF); },
    [](FILE *stream) {
      char line[4];
      EXPECT_TRUE(fgets(line, sizeof line, stream));
    },
    [](FILE *stream) {
      char *line = nullptr;
      size_t size = 0;
      EXPECT_GT(getline(&line, &size, stream), 0);
      free(line);
    },
    [](FILE *stream) {
      char bytes[2];
      EXPECT_EQ(fread(bytes, 1, 2, stream), 2U);
    },
    [](FILE *stream) { EXPECT_EQ(ungetc('7', stream), '7'); },
    [](FILE *stream) { EXPECT_GE(ftell(stream), 0); },
    [](FILE *stream) { EXPECT_EQ(fseek(stream, 0, SEEK_SET), 0); },
    [](FILE *stream) { rewind(stream); },
    [](FILE *stream) { EXPECT_EQ(fflush(stream), 0); },
    [](FILE *stream) {
      fpos_t place;
      EXPECT_EQ(fgetpos(stream, &place), 0);
      EXPECT_EQ(fsetpos(stream, &place), 0);
    },
    [](FILE *stream) {
      fpos64_t place;
      EXPECT_EQ(fgetpos64(stream, &place), 0);
      EXPECT_EQ(fsetpos64(stream, &place), 0);
    },
    [](FILE *stream) { EXPECT_FALSE(feof(stream)); },
    [](FILE *stream) { EXPECT_FALSE(ferror(stream)); },
    [](FILE *stream) { clearerr(stream); },
};

/// Calls that change how a stream is buffered.
const std::vector<void (*)(FILE *)> setters = {
    [](FILE *stream) { EXPECT_EQ(setvbuf(stream, nullptr, _IOLBF, 0), 0); },
    [](FILE *stream) { setbuf(stream, nullptr); },
    [](FILE *stream) { setbuffer(stream, nullptr, 0); },
    [](FILE *stream) { setlinebuf(stream); },
};

/// Calls that write one wide character.
const std::vector<void (*)(FILE *)> wideWriters = {
    [](FILE *stream) { EXPECT_EQ(fputwc(L'b', stream), wint_t(L'b')); },
    [](FILE *stream) { EXPECT_EQ(putwc(L'b', stream), wint_t(L'b')); },
    [](FILE *stream) { EXPECT_GE(fputws(L"b", stream), 0); },
    [](FILE *stream) { EXPECT_EQ(fwprintf(stream, L"%c", 'b'), 1); },
    [](FILE *stream) { EXPECT_GT(fwide(stream, 0), 0); },
};

/// Calls that read some.
const std::vector<void (*)(FILE *)> wideReaders = {
    [](FILE *stream) {
      int number = 0;
      EXPECT_EQ(fwscanf(stream, L"%d", &number), 1);
    },
    [](FILE *stream) { EXPECT_NE(fgetwc(stream), WEOF); },
    [](FILE *stream) { EXPECT_NE(getwc(stream), WEOF); },
    [](FILE *stream) {
      wchar_t line[4];
      EXPECT_TRUE(fgetws(line, 4, stream));
    },
    [](FILE *stream) { EXPECT_EQ(ungetwc(L'7', stream), wint_t(L'7')); },
};

/// Calls on streams that wait for a flow that has locked the stream.
class WaitingCallsTest : public StdioTest {
protected:
  void expectToWait(FILE *stream, const std::vector<void (*)(FILE *)> &calls) {
    bool isFree = false;
    job([&] {
      flockfile(stream);
      for (size_t i = 0; i < 2 * calls.size(); ++i)
        sched_yield();
      isFree = true;
      funlockfile(stream);
    });
    for (auto call : calls)
      job([&isFree, stream, call] {
        EXPECT_FALSE(isFree);
        call(stream);
        EXPECT_TRUE(isFree);
      });
    run();
  }
};

TEST_P(WaitingCallsTest, Readers) {
  std::string text;
  for (size_t i = 0; i < 2 * readers.size(); ++i)
    text += "7 \n";
  FILE *in = fmemopen(text.data(), text.size(), "r");
  expectToWait(in, readers);
  fclose(in);
}

TEST_P(WaitingCallsTest, Setters) {
  FILE *out = tmpfile();
  expectToWait(out, setters);
  fclose(out);
}

TEST_P(WaitingCallsTest, WideCharacters) {
  FILE *both = tmpfile();
  EXPECT_GT(fwide(both, 1), 0);
  expectToWait(both, wideWriters);
  rewind(both);
  EXPECT_EQ(fputws(L"7\n7\n7\n7\n7\n", both), 1);
  rewind(both);
  expectToWait(both, wideReaders);
  fclose(both);
}

// The lock is the same one for threads and flows; who waits for a thread does not keep the loop.
TEST_P(StdioTest, ThreadsAndFlowsShareTheLock) {
  Memory memory;
  std::atomic<bool> isLocked{false}, othersRan{false}, flowHasIt{false};
  std::thread first([&] {
    flockfile(memory.stream);
    isLocked = true;
    waitUntil([&] { return othersRan.load(); });
    fputs("t", memory.stream);
    funlockfile(memory.stream);
  });
  waitUntil([&] { return isLocked.load(); });
  std::thread second;
  job([&] {
    flockfile(memory.stream);
    fputs("f", memory.stream);
    second = std::thread([&] {
      flowHasIt = true;
      fputs("u", memory.stream);
    });
    waitUntil([&] { return flowHasIt.load(); });
    usleep(1000);
    fputs("f", memory.stream);
    funlockfile(memory.stream);
  });
  job([&] { othersRan = true; });
  run();
  first.join();
  second.join();
  EXPECT_EQ(memory.content(), "tffu");
}

// Flows of several loops write lines in two pieces, each under the lock.
TEST_P(StdioTest, LoopsShareTheLock) {
  constexpr int kLoops = 3, kFlows = 8, kLines = 50;
  Memory memory;
  const auto write = [&] {
    for (int i = 0; i < kLines; ++i) {
      flockfile(memory.stream);
      fputs("first ", memory.stream);
      if (i % 4 == 0)
        usleep(10);
      fputs("second\n", memory.stream);
      funlockfile(memory.stream);
    }
  };
  struct Runner {
    Loop loop;
    const std::function<void()> *body;
    int left = kFlows;
  };
  const std::function<void()> body = write;
  std::vector<std::unique_ptr<Runner>> runners;
  std::vector<std::thread> threads;
  for (int i = 0; i < kLoops; ++i) {
    runners.push_back(std::make_unique<Runner>());
    Runner &runner = *runners.back();
    runner.body = &body;
    ASSERT_TRUE(runner.loop.open(GetParam(), 256 * 1024, 64, [](void *) {}, nullptr));
    for (int j = 0; j < kFlows; ++j)
      runner.loop.post({[](void *argument) {
                          auto &self = *static_cast<Runner *>(argument);
                          (*self.body)();
                          if (--self.left == 0)
                            self.loop.quit();
                        },
                        &runner});
  }
  for (auto &runner : runners)
    threads.emplace_back([&runner] { runner->loop.run(); });
  for (std::thread &thread : threads)
    thread.join();
  for (auto &runner : runners)
    runner->loop.close();
  std::string expected;
  for (int i = 0; i < kLoops * kFlows * kLines; ++i)
    expected += "first second\n";
  EXPECT_EQ(memory.content(), expected);
}

// Flushing all streams leaves the one alone that another flow is writing to, until that is through.
TEST_P(StdioTest, FlushingAllWaitsForWriters) {
  Pair sockets;
  const std::string much(1 << 20, 'm');
  FILE *out = fdopen(dup(sockets.ends[0]), "w");
  Pipe pipe;
  FILE *libcs = real::fdopen(dup(pipe.ends[1]), "w");
  std::string received;
  job([&] {
    fputs("x", out);
    EXPECT_EQ(fwrite(much.data(), 1, much.size(), out), much.size());
  });
  job([&] {
    char byte = 0;
    fputs("y", libcs);
    EXPECT_EQ(fflush(nullptr), 0);
    EXPECT_EQ(real::read(pipe.ends[0], &byte, 1), 1);
    fclose(libcs);
    fclose(out);
  });
  job([&] {
    char buffer[65536];
    while (received.size() < much.size() + 1) {
      const ssize_t got = read(sockets.ends[1], buffer, sizeof buffer);
      ASSERT_GT(got, 0);
      received.append(buffer, static_cast<size_t>(got));
      usleep(10);
    }
    EXPECT_EQ(recv(sockets.ends[1], buffer, 1, MSG_DONTWAIT), -1);
  });
  run();
  EXPECT_EQ(received, "x" + much);
}

/// Has a descriptor stand for another file for a scope.
struct Replaced {
  Replaced(int fd, int by) : fd(fd), before(dup(fd)) { EXPECT_EQ(dup2(by, fd), fd); }
  ~Replaced() {
    EXPECT_EQ(dup2(before, fd), fd);
    real::close(before);
  }
  Replaced(const Replaced &) = delete;
  Replaced &operator=(const Replaced &) = delete;
  const int fd, before;
};

// The standard streams park the flow: one that reads waits for others of its loop, and so does one that writes more
// than there is room for.
TEST_P(StdioTest, StandardStreamsPark) {
  Pipe input, output;
  const std::string much(200000, 'o');
  std::string received;
  fflush(stdout);
  {
    const Replaced in(STDIN_FILENO, input.ends[0]), out(STDOUT_FILENO, output.ends[1]);
    job([&] {
      char line[16] = {};
      EXPECT_TRUE(fgets(line, sizeof line, stdin));
      EXPECT_STREQ(line, "line\n");
      EXPECT_EQ(getchar(), 'x');
    });
    job([&] {
      EXPECT_EQ(printf("%s", much.c_str()), static_cast<int>(much.size()));
      EXPECT_EQ(fflush(stdout), 0);
    });
    job([&] {
      EXPECT_EQ(real::write(input.ends[1], "line\nx", 6), 6);
      char buffer[65536];
      while (received.size() < much.size()) {
        const ssize_t got = read(output.ends[0], buffer, sizeof buffer);
        ASSERT_GT(got, 0);
        received.append(buffer, static_cast<size_t>(got));
      }
    });
    run();
  }
  EXPECT_EQ(received, much);
}

/// The content of a file.
std::string contentOf(const std::string &name) {
  std::string text(1000, '\0');
  const int fd = open(name.c_str(), O_RDONLY);
  const ssize_t length = real::read(fd, text.data(), text.size());
  real::close(fd);
  return text.substr(0, length < 0 ? 0 : static_cast<size_t>(length));
}

// fopen() does with a file what it always does, whatever the mode.
TEST_P(StdioTest, FilesAreOpenedAsEver) {
  std::string name = testing::TempDir() + "flux-stdio-XXXXXX";
  real::close(mkstemp(name.data()));
  job([&] {
    FILE *stream = fopen(name.c_str(), "w");
    EXPECT_GT(fprintf(stream, "%s\n", "first"), 0);
    EXPECT_EQ(ftell(stream), 6);
    EXPECT_EQ(fclose(stream), 0);
    stream = fopen(name.c_str(), "ae");
    EXPECT_TRUE(fcntl(fileno(stream), F_GETFD) & FD_CLOEXEC);
    EXPECT_EQ(fputs("second\n", stream), 1);
    EXPECT_EQ(fseek(stream, 0, SEEK_SET), 0);
    EXPECT_EQ(fputs("third\n", stream), 1);
    EXPECT_EQ(fclose(stream), 0);
    EXPECT_EQ(contentOf(name), "first\nsecond\nthird\n");

    stream = fopen(name.c_str(), "r+b");
    char line[16];
    EXPECT_STREQ(fgets(line, sizeof line, stream), "first\n");
    EXPECT_EQ(ftell(stream), 6);
    EXPECT_EQ(fseek(stream, -6, SEEK_END), 0);
    EXPECT_EQ(fputs("THIRD", stream), 1);
    EXPECT_EQ(fseek(stream, -13, SEEK_CUR), 0);
    EXPECT_STREQ(fgets(line, sizeof line, stream), "\n");
    rewind(stream);
    EXPECT_EQ(fgetc(stream), 'f');
    EXPECT_EQ(fclose(stream), 0);
    EXPECT_EQ(contentOf(name), "first\nsecond\nTHIRD\n");
  });
  run();
  const auto refuses = [](const std::string &path, const char *mode, int error) {
    errno = 0;
    EXPECT_EQ(fopen(path.c_str(), mode), nullptr);
    EXPECT_EQ(errno, error) << mode;
  };
  refuses(name, "wx", EEXIST);
  refuses(name, "q", EINVAL);
  refuses(name, "", EINVAL);
  refuses(name + "/none", "r", ENOTDIR);
  unlink(name.c_str());
  refuses(name, "r", ENOENT);
}

// A child of a server writes and ends as it does anywhere: what its parent had not written is not lost or doubled.
TEST_P(StdioTest, ChildrenHaveTheStreams) {
  Pipe output;
  FILE *shared = fdopen(dup(output.ends[1]), "w");
  job([&] {
    fputs("before ", shared);
    fflush(shared);
    const pid_t child = fork();
    if (child == 0) {
      FILE *own = fdopen(dup(output.ends[1]), "w");
      fputs("own ", own);
      fclose(own);
      fputs("child", shared);
      fflush(shared);
      _exit(0);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  });
  run();
  fclose(shared);
  char text[32] = {};
  EXPECT_EQ(real::read(output.ends[0], text, sizeof text - 1), 16);
  EXPECT_STREQ(text, "before own child");
}

// Programs go on to use a standard stream that they have closed, or have given another file; nothing is done to the
// next file of that number.
TEST_P(StdioTest, StandardStreamsAreClosedInAChild) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    Pipe other;
    dup2(other.ends[1], STDOUT_FILENO);
    if (fclose(stdout) != 0 || dup2(other.ends[1], STDOUT_FILENO) != STDOUT_FILENO)
      _exit(1);
    if (printf("lost") >= 0 && fflush(stdout) == 0)
      _exit(2);
    char byte;
    fcntl(other.ends[0], F_SETFL, O_NONBLOCK);
    if (real::read(other.ends[0], &byte, 1) != -1)
      _exit(3);
    dup2(other.ends[1], STDERR_FILENO);
    FILE *error = freopen("/dev/null", "w", stderr);
    if (error != stderr || fputs("dropped", stderr) < 0 || fileno(stderr) != STDERR_FILENO)
      _exit(4);
    _exit(real::read(other.ends[0], &byte, 1) == -1 ? 0 : 5);
  }
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

INSTANTIATE_TEST_SUITE_P(Io, StdioTest, everyIo(), nameOfIo);
INSTANTIATE_TEST_SUITE_P(Io, WaitingCallsTest, everyIo(), nameOfIo);

} // namespace
