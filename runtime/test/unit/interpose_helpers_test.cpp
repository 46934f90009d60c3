/// interpose_helpers_test.cpp - calls that helpers make for jobs, and those that look like waiting for a descriptor and
/// are not: children, streams, mutexes.
#include "core/server/json_figures.h"
#include "interpose_support.h"
#include "posix/files.h"
#include "posix/helpers.h"
#include "support.h"

#include <atomic>
#include <fcntl.h>
#include <functional>
#include <limits.h>
#include <mutex>
#include <netdb.h>
#include <setjmp.h>
#include <signal.h>
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

/// How many threads the system still gives (see CMakeLists.txt: --wrap=pthread_create); those of tests included.
static std::atomic<int> threadsLeft{INT_MAX};

/// What a thread does that has just been refused one, if anything.
static std::function<void()> onRefusal;

extern "C" int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
extern "C" int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                                     void *argument) {
  if (threadsLeft-- > 0)
    return __real_pthread_create(thread, attributes, body, argument);
  if (onRefusal)
    onRefusal();
  return EAGAIN;
}

namespace {

/// A number of a snapshot.
int figureOf(Helpers &helpers, const std::string &name) {
  char text[4096];
  Text out(text, sizeof text);
  JsonFigures json(out);
  helpers.offer("helpers", json);
  json.finish();
  const char *found = strstr(text, ("\"" + name + "\":").c_str());
  return found ? atoi(found + name.size() + 3) : -1;
}

/// Files go to helpers, as in AMPED.
struct HelpersTest : InterposeTest {
  void SetUp() override {
    InterposeTest::SetUp();
    fileHelpers.open(4);
    lookupHelpers.open(100);
  }
  void TearDown() override {
    fileHelpers.close();
    lookupHelpers.close();
    InterposeTest::TearDown();
  }
};

/// The loop waits for the disk itself, as in SPED.
struct NoFileHelpersTest : InterposeTest {};

/// A file with a name, for the life of a scope.
struct File {
  explicit File(const std::string &text) : name(testing::TempDir() + "flux-helpers-XXXXXX") {
    fd = mkstemp(name.data());
    EXPECT_EQ(real::write(fd, text.data(), text.size()), ssize_t(text.size()));
  }
  ~File() {
    real::close(fd);
    unlink(name.c_str());
  }
  std::string name;
  int fd;
};

// Work is done elsewhere, by no more threads than are allowed, and all of it; errno goes along.
TEST_P(HelpersTest, WorkIsDoneElsewhere) {
  std::atomic<int> now{0}, most{0}, done{0};
  const std::thread::id here = std::this_thread::get_id();
  for (int i = 0; i < 100; ++i)
    job([&, i] {
      errno = i;
      const int got = fileHelpers.make([&] {
        const int seen = errno;
        const int beside = ++now;
        int highest = most;
        while (highest < beside && !most.compare_exchange_weak(highest, beside)) {
        }
        EXPECT_NE(std::this_thread::get_id(), here);
        EXPECT_EQ(Loop::current(), nullptr);
        std::this_thread::yield();
        --now;
        ++done;
        errno = seen + 1000;
        return 2 * seen;
      });
      EXPECT_EQ(got, 2 * i);
      EXPECT_EQ(errno, i + 1000);
      EXPECT_EQ(std::this_thread::get_id(), here);
    });
  run();
  EXPECT_EQ(done, 100);
  EXPECT_LE(most, 4);
}

// As many at a time as are allowed really are: each waits for all the others.
TEST_P(HelpersTest, WorkIsDoneAtOnce) {
  std::atomic<int> begun{0};
  for (int i = 0; i < 100; ++i)
    job([&] {
      lookupHelpers.make([&] {
        ++begun;
        waitUntil([&] { return begun == 100; });
        return 0;
      });
    });
  run();
  EXPECT_EQ(begun, 100);
}

// When the system gives fewer threads than are allowed, or none, all work is done all the same: by those there are, or
// on the loop.
struct RefusedThreadsTest : HelpersTest {
  void runWith(int given) {
    const std::thread::id here = std::this_thread::get_id();
    std::atomic<int> done{0}, onLoop{0};
    for (int i = 0; i < 20; ++i)
      job([&] {
        fileHelpers.make([&] {
          onLoop += std::this_thread::get_id() == here;
          return ++done;
        });
      });
    threadsLeft = given;
    run();
    threadsLeft = INT_MAX;
    EXPECT_EQ(done, 20);
    EXPECT_EQ(onLoop, given == 0 ? 20 : 0);
  }
};

TEST_P(RefusedThreadsTest, SomeAreGiven) { runWith(2); }
TEST_P(RefusedThreadsTest, NoneIsGiven) { runWith(0); }

// Two loops ask for a thread at once. The first that is refused counts on the other's; when that is refused, too, the
// work of both is done on their loops.
TEST_P(RefusedThreadsTest, TwoLoopsAtOnce) {
  Loop other;
  ASSERT_TRUE(other.open(GetParam(), 256 * 1024, 16, [](void *) {}, nullptr));
  auto waiting = [] { return figureOf(fileHelpers, "waiting"); };
  std::atomic<int> asked{0};
  onRefusal = [&] {
    // Where standard error is a file, the message about the first is work for a helper, too, and refused one.
    const int turn = asked++;
    if (turn < 2)
      waitUntil([&] { return turn == 0 ? asked >= 2 : waiting() == 1; });
  };
  auto work = [] { EXPECT_TRUE(fileHelpers.make([] { return Loop::current() != nullptr; })); };
  job(work);
  std::pair<Loop *, void (*)()> theirs(&other, work);
  other.post({[](void *argument) {
                auto &[loop, body] = *static_cast<decltype(theirs) *>(argument);
                body();
                loop->quit();
              },
              &theirs});
  std::atomic<bool> given{true};
  std::thread thread([&] {
    waitUntil([&] { return !given; });
    other.run();
  });
  threadsLeft = 0;
  given = false;
  run();
  thread.join();
  threadsLeft = INT_MAX;
  onRefusal = nullptr;
  other.close();
  EXPECT_EQ(waiting(), 0);
}

// Outside of jobs there is nobody to help.
TEST_P(HelpersTest, ElsewhereNothingChanges) {
  const std::thread::id here = std::this_thread::get_id();
  EXPECT_EQ(fileHelpers.make([&] { return std::this_thread::get_id() == here; }), true);
}

/// What every model does with files.
template <typename Job> void useFiles(Job job) {
  static File file("");
  static const std::string text = [] {
    std::string result;
    for (int i = 0; i < 100000; ++i)
      result += std::to_string(i) + "\n";
    return result;
  }();
  const auto size = static_cast<ssize_t>(text.size());
  job([=] {
    errno = EXDEV;
    const int fd = open(file.name.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    EXPECT_GE(fd, 0);
    EXPECT_EQ(write(fd, text.data(), text.size()), size);
    EXPECT_EQ(fsync(fd), 0);
    EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
    // More than there is: the whole file, and then its end.
    std::string got(text.size() + 10, 'x');
    EXPECT_EQ(read(fd, got.data(), got.size()), size);
    EXPECT_TRUE(got.substr(0, text.size()) == text);
    EXPECT_EQ(read(fd, got.data(), got.size()), 0);
    EXPECT_EQ(pread(fd, got.data(), 6, 4), 6);
    EXPECT_EQ(got.substr(0, 6), text.substr(4, 6));
    EXPECT_EQ(pread(fd, got.data(), 6, size), 0);
    const iovec parts[] = {{got.data(), 3}, {got.data() + 3, 0}, {got.data() + 5, 5}};
    EXPECT_EQ(preadv(fd, parts, 3, 2), 8);
    EXPECT_EQ(got.substr(0, 3), text.substr(2, 3));
    EXPECT_EQ(got.substr(5, 5), text.substr(5, 5));
    EXPECT_EQ(pwrite(fd, "abc", 3, 1), 3);
    EXPECT_EQ(fdatasync(fd), 0);
    EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
    EXPECT_EQ(readv(fd, parts, 3), 8);
    EXPECT_EQ(got.substr(0, 3), "0ab");
    EXPECT_EQ(errno, EXDEV);
    struct stat status;
    EXPECT_EQ(stat(file.name.c_str(), &status), 0);
    EXPECT_EQ(status.st_size, size);
    EXPECT_EQ(close(fd), 0);
    EXPECT_EQ(read(fd, got.data(), 1), -1);
    EXPECT_EQ(errno, EBADF);
    EXPECT_EQ(open("/nonexistent/file", O_RDONLY), -1);
    EXPECT_EQ(errno, ENOENT);
    EXPECT_EQ(pread(0, got.data(), 1, -1), -1);
    EXPECT_EQ(errno, EINVAL);
  });
}

TEST_P(HelpersTest, Files) {
  useFiles([this](auto body) { job(body); });
  run();
}
TEST_P(NoFileHelpersTest, Files) {
  useFiles([this](auto body) { job(body); });
  run();
}

// A call that has waited for a helper does not work on the file that its number stands for by then.
TEST_P(HelpersTest, NothingIsDoneToAnotherFile) {
  std::atomic<bool> released{false};
  File file("old"), other("new");
  const int number = dup(file.fd);
  for (int i = 0; i < 4; ++i)
    job([&] {
      fileHelpers.make([&] {
        waitUntil([&] { return released.load(); });
        return 0;
      });
    });
  char byte = 0;
  const iovec part = {&byte, 1};
  const std::function<ssize_t()> calls[] = {[=] { return pwrite(number, "x", 1, 0); },
                                            [=] { return pwritev(number, &part, 1, 0); },
                                            [=] { return write(number, "x", 1); },
                                            [=] { return fsync(number); },
                                            [=] { return fdatasync(number); },
                                            [=] { return pwritev2(number, &part, 1, 0, RWF_DSYNC); },
                                            [=] { return preadv2(number, &part, 1, 0, RWF_HIPRI); }};
  for (const auto &call : calls)
    job([call] {
      EXPECT_EQ(call(), -1);
      EXPECT_EQ(errno, EBADF);
    });
  job([&] {
    EXPECT_EQ(dup2(other.fd, number), number);
    released = true;
  });
  run();
  char text[4] = {};
  EXPECT_EQ(real::pread(other.fd, text, sizeof text, 0), 3);
  EXPECT_STREQ(text, "new");
  real::close(number);
}

// Closing does not wait for what the kernel does with a file: that goes on with its own.
TEST_P(HelpersTest, ClosingDoesNotWaitForTheKernel) {
  if (kUnderTsan)
    GTEST_SKIP() << "ThreadSanitizer takes closing during a call for a race";
  Pipe old, other;
  std::atomic<pid_t> reader{0};
  const int number = dup(old.ends[0]);
  job([&] {
    char byte = 0;
    const ssize_t got = FileCall(number).make(fileHelpers, [&] {
      reader = gettid();
      return real::read(number, &byte, 1);
    });
    EXPECT_EQ(got, 1);
    EXPECT_EQ(byte, 'o');
  });
  job([&] {
    while (reader == 0)
      sched_yield();
    EXPECT_EQ(dup2(other.ends[0], number), number);
    EXPECT_EQ(real::write(other.ends[1], "n", 1), 1);
    EXPECT_EQ(real::write(old.ends[1], "o", 1), 1);
  });
  run();
  real::close(number);
}

// What waits for the disk itself does not keep a loop that has no helpers for files.
TEST_P(NoFileHelpersTest, SyncWaitsElsewhere) {
  lookupHelpers.open(1);
  File file("text");
  job([&] {
    EXPECT_EQ(fsync(file.fd), 0);
    EXPECT_EQ(fdatasync(file.fd), 0);
    EXPECT_EQ(fsync(-1), -1);
    EXPECT_EQ(errno, EBADF);
  });
  run();
  EXPECT_EQ(figureOf(lookupHelpers, "running") + figureOf(lookupHelpers, "idle"), 1);
  lookupHelpers.close();
}

// open() of a pipe with a name waits for the other side, which is a job of the same loop.
TEST_P(HelpersTest, OpenWaits) {
  File file("");
  const std::string name = file.name + ".fifo";
  ASSERT_EQ(mkfifo(name.c_str(), 0600), 0);
  job([&] {
    const int fd = open(name.c_str(), O_RDONLY);
    char byte = 0;
    EXPECT_EQ(read(fd, &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
    EXPECT_EQ(close(fd), 0);
  });
  job([&] {
    const int fd = open(name.c_str(), O_WRONLY);
    EXPECT_EQ(write(fd, "x", 1), 1);
    EXPECT_EQ(close(fd), 0);
  });
  run();
  unlink(name.c_str());
}

// A file that is not in memory is fetched first, and arrives whole.
TEST_P(HelpersTest, SendfileFetches) {
  std::string text;
  for (int i = 0; i < 200000; ++i)
    text += std::to_string(i);
  File file(text);
  ASSERT_EQ(fdatasync(file.fd), 0);
  ASSERT_EQ(posix_fadvise(file.fd, 0, 0, POSIX_FADV_DONTNEED), 0);
  Pair sockets;
  job([&] {
    ASSERT_EQ(lseek(file.fd, 7, SEEK_SET), 7);
    EXPECT_EQ(sendfile(sockets.ends[0], file.fd, nullptr, text.size()), ssize_t(text.size()) - 7);
    EXPECT_EQ(close(sockets.ends[0]), 0);
    sockets.ends[0] = -1;
  });
  job([&] {
    std::string got;
    char part[5000];
    for (ssize_t n; (n = read(sockets.ends[1], part, sizeof part)) > 0;)
      got.append(part, static_cast<size_t>(n));
    EXPECT_TRUE(got == text.substr(7));
  });
  run();
}

// What there is nothing of is not fetched: the position of the file stays where it is.
TEST_P(HelpersTest, SendfileOfNothing) {
  File file("0123456789");
  Pair sockets;
  job([&] {
    off_t offset = 0;
    ASSERT_EQ(lseek(file.fd, 0, SEEK_SET), 0);
    EXPECT_EQ(sendfile(sockets.ends[0], file.fd, nullptr, 0), 0);
    EXPECT_EQ(sendfile(sockets.ends[0], file.fd, &offset, 0), 0);
    offset = -1;
    EXPECT_EQ(sendfile(sockets.ends[0], file.fd, &offset, 1), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(lseek(file.fd, 0, SEEK_CUR), 0);
  });
  run();
}

// Without helpers a file is fetched on the stack of a flow, however small that is. The system never says of this file
// that it is in memory.
TEST_P(HelpersTest, FetchingTakesLittleStack) {
  Loop small;
  ASSERT_TRUE(small.open(GetParam(), 64 * 1024, 16, [](void *) {}, nullptr));
  const int fd = open("/proc/self/maps", O_RDONLY);
  std::pair<Loop *, int> given(&small, fd);
  small.post({[](void *argument) {
                auto &[loop, file] = *static_cast<decltype(given) *>(argument);
                fetchFile(FileCall(file), file, 0, 1000000);
                loop->quit();
              },
              &given});
  threadsLeft = 0;
  small.run();
  threadsLeft = INT_MAX;
  EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 0);
  small.close();
  close(fd);
}

// Names that need no network.
TEST_P(HelpersTest, Names) {
  for (int i = 0; i < 20; ++i)
    job([] {
      addrinfo hints = {};
      hints.ai_flags = AI_NUMERICHOST;
      addrinfo *found = nullptr;
      ASSERT_EQ(getaddrinfo("127.0.0.1", "80", &hints, &found), 0);
      char host[100], service[100];
      EXPECT_EQ(getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof host, service, sizeof service,
                            NI_NUMERICHOST | NI_NUMERICSERV),
                0);
      EXPECT_STREQ(host, "127.0.0.1");
      EXPECT_STREQ(service, "80");
      freeaddrinfo(found);
      EXPECT_EQ(getaddrinfo("no address", "80", &hints, &found), EAI_NONAME);
    });
  run();
}

/// A child that ends with `status` when somebody writes to the pipe.
pid_t startChild(const Pipe &pipe, int status) {
  const pid_t child = fork();
  if (child != 0)
    return child;
  char byte;
  _exit(real::read(pipe.ends[0], &byte, 1) == 1 ? status : 99);
}

// Each call that waits for a child, while another job of the loop makes it end.
TEST_P(HelpersTest, WaitsForChildren) {
  using Wait = int (*)(pid_t);
  const Wait waits[] = {
      [](pid_t child) {
        int status;
        return waitpid(child, &status, 0) == child ? status : -1;
      },
      [](pid_t child) {
        int status;
        rusage usage;
        return wait4(child, &status, 0, &usage) == child ? status : -1;
      },
      [](pid_t child) {
        siginfo_t info;
        return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED) == 0 && info.si_pid == child
                   ? W_EXITCODE(info.si_status, 0)
                   : -1;
      },
      [](pid_t child) {
        // Stopped ones, too: this is not what a descriptor of the child would tell.
        int status;
        return waitpid(child, &status, WUNTRACED) == child ? status : -1;
      },
  };
  Pipe pipe;
  int ended = 0;
  for (Wait wait : waits)
    job([&, wait] {
      EXPECT_EQ(wait(startChild(pipe, 7)), W_EXITCODE(7, 0));
      ++ended;
    });
  job([&] {
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(write(pipe.ends[1], "xxxx", 4), 4);
  });
  run();
  EXPECT_EQ(ended, 4);
}

TEST_P(HelpersTest, WaitsForAnyChild) {
  Pipe pipe;
  pid_t child = -1;
  job([&] {
    child = startChild(pipe, 3);
    int status;
    EXPECT_EQ(wait(&status), child);
    EXPECT_EQ(status, W_EXITCODE(3, 0));
    EXPECT_EQ(waitpid(child, &status, 0), -1);
    EXPECT_EQ(errno, ECHILD);
    EXPECT_EQ(system("exit 5"), W_EXITCODE(5, 0));
  });
  job([&] { EXPECT_EQ(write(pipe.ends[1], "x", 1), 1); });
  run();
}

// Waits with a mask of signals end when a signal comes that only the mask lets through, and when another job of the
// loop makes something ready.
TEST_P(HelpersTest, WaitsWithMasks) {
  static std::atomic<int> signals;
  signals = 0;
  struct sigaction count = {}, before;
  count.sa_handler = [](int) { ++signals; };
  ASSERT_EQ(sigaction(SIGUSR2, &count, &before), 0);
  sigset_t blocked, none, old;
  sigemptyset(&none);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  Pipe pipe;
  pollfd asked = {pipe.ends[0], POLLIN, 0};
  // For all jobs: one that lets the signal through would get it.
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &blocked, &old), 0);
  job([&] {
    EXPECT_EQ(kill(getpid(), SIGUSR2), 0);
    EXPECT_EQ(signals, 0);
    EXPECT_EQ(ppoll(&asked, 1, nullptr, &none), -1);
    EXPECT_EQ(errno, EINTR);
    EXPECT_EQ(signals, 1);
    EXPECT_EQ(ppoll(&asked, 1, nullptr, &none), 1);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(asked.fd, &set);
    EXPECT_EQ(pselect(asked.fd + 1, &set, nullptr, nullptr, nullptr, &none), 1);
  });
  job([&] {
    // Not before the signal has come: what is ready could be found first.
    while (signals == 0)
      sched_yield();
    EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  });
  run();
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, &old, nullptr), 0);
  ASSERT_EQ(sigaction(SIGUSR2, &before, nullptr), 0);
}

// A wait with a mask that has waited for a helper finds nothing of the file that its number stands for by then.
TEST_P(HelpersTest, WaitsWithMasksFindNothingOfAnotherFile) {
  lookupHelpers.close();
  lookupHelpers.open(1);
  std::atomic<bool> released{false};
  Pipe old, other;
  const int watched = dup(old.ends[0]), epoll = epoll_create1(0), otherEpoll = epoll_create1(0);
  epoll_event event = {EPOLLIN | EPOLLONESHOT, {}};
  ASSERT_EQ(epoll_ctl(otherEpoll, EPOLL_CTL_ADD, other.ends[0], &event), 0);
  ASSERT_EQ(real::write(other.ends[1], "x", 1), 1);
  sigset_t none;
  sigemptyset(&none);
  job([&] {
    lookupHelpers.make([&] {
      waitUntil([&] { return released.load(); });
      return 0;
    });
  });
  job([&] {
    pollfd asked = {watched, POLLIN, 0};
    EXPECT_EQ(ppoll(&asked, 1, nullptr, &none), 1);
    EXPECT_EQ(asked.revents, POLLNVAL);
  });
  job([&] {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(watched, &set);
    EXPECT_EQ(pselect(watched + 1, &set, nullptr, nullptr, nullptr, &none), -1);
    EXPECT_EQ(errno, EBADF);
  });
  for (const bool precise : {false, true})
    job([&, precise] {
      epoll_event found;
      EXPECT_EQ(precise ? epoll_pwait2(epoll, &found, 1, nullptr, &none) : epoll_pwait(epoll, &found, 1, -1, &none),
                -1);
      EXPECT_EQ(errno, EBADF);
    });
  job([&] {
    EXPECT_EQ(dup2(other.ends[0], watched), watched);
    EXPECT_EQ(dup2(otherEpoll, epoll), epoll);
    released = true;
  });
  run();
  EXPECT_EQ(real::epoll_wait(otherEpoll, &event, 1, 0), 1);
  for (const int fd : {watched, epoll, otherEpoll})
    real::close(fd);
}

/// Installs a handler of SIGUSR2 by one of the calls that do.
using Install = void (*)(void (*handler)(int));
const Install installs[] = {
    [](void (*handler)(int)) {
      struct sigaction action = {};
      action.sa_handler = handler;
      EXPECT_EQ(sigaction(SIGUSR2, &action, nullptr), 0);
    },
    [](void (*handler)(int)) {
      static void (*other)(int);
      other = handler;
      struct sigaction action = {};
      action.sa_sigaction = [](int signal, siginfo_t *info, void *machine) {
        EXPECT_EQ(info->si_signo, SIGUSR2);
        EXPECT_NE(machine, nullptr);
        other(signal);
      };
      action.sa_flags = SA_SIGINFO | SA_NODEFER;
      EXPECT_EQ(sigaction(SIGUSR2, &action, nullptr), 0);
    },
    [](void (*handler)(int)) { EXPECT_NE(signal(SIGUSR2, handler), SIG_ERR); },
    [](void (*handler)(int)) { EXPECT_NE(__sysv_signal(SIGUSR2, handler), SIG_ERR); },
};

// A signal handler that writes to a file has interrupted its job anywhere: no other one runs meanwhile.
TEST_P(HelpersTest, SignalHandlersLetNobodyRun) {
  static File file("");
  static int handled;
  handled = 0;
  bool hasRun = false;
  job([&] {
    for (Install install : installs) {
      install([](int) {
        ++handled;
        EXPECT_EQ(Loop::current(), nullptr);
        EXPECT_EQ(write(file.fd, "x", 1), 1);
      });
      EXPECT_EQ(raise(SIGUSR2), 0);
      EXPECT_FALSE(hasRun);
      EXPECT_EQ(Loop::current(), &loop);
    }
  });
  job([&] { hasRun = true; });
  run();
  EXPECT_EQ(handled, 4);
  signal(SIGUSR2, SIG_DFL);
}

// A child that a handler has forked is outside of the loop, also behind the handler.
TEST_P(HelpersTest, SignalHandlersMayFork) {
  static pid_t child;
  job([&] {
    ASSERT_NE(signal(SIGUSR2, [](int) { child = fork(); }), SIG_ERR);
    EXPECT_EQ(raise(SIGUSR2), 0);
    if (child == 0)
      _exit(Loop::current() == nullptr ? 0 : 1);
    EXPECT_EQ(Loop::current(), &loop);
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  });
  run();
  signal(SIGUSR2, SIG_DFL);
}

sigjmp_buf beforeFault;

// A job that a handler has jumped back to lets others run again.
TEST_P(HelpersTest, SignalHandlersMayJump) {
  Pipe pipe;
  job([&] {
    ASSERT_NE(signal(SIGUSR2, [](int) { siglongjmp(beforeFault, 1); }), SIG_ERR);
    for (volatile int rounds = 0; rounds < 3; rounds = rounds + 1) {
      if (sigsetjmp(beforeFault, 1) == 0)
        raise(SIGUSR2);
      char byte;
      EXPECT_EQ(read(pipe.ends[0], &byte, 1), 1);
      EXPECT_EQ(Loop::current(), &loop);
    }
  });
  job([&] {
    for (int rounds = 0; rounds < 3; ++rounds) {
      EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
      sched_yield();
    }
  });
  run();
  signal(SIGUSR2, SIG_DFL);
}

// The program sees its own handlers and flags, as if they were what is installed.
TEST_P(HelpersTest, SignalHandlersAreTheProgramsOwn) {
  constexpr auto plain = [](int) {};
  constexpr auto withInfo = [](int, siginfo_t *, void *) {};
  constexpr int kFlags = SA_SIGINFO | SA_RESTART;
  struct sigaction first = {}, second = {}, old;
  first.sa_handler = plain;
  first.sa_flags = SA_RESTART;
  second.sa_sigaction = withInfo;
  second.sa_flags = SA_SIGINFO;
  EXPECT_EQ(sigaction(SIGUSR2, &first, &old), 0);
  EXPECT_EQ(old.sa_handler, SIG_DFL);
  EXPECT_EQ(sigaction(SIGUSR2, &second, &old), 0);
  EXPECT_EQ(old.sa_handler, first.sa_handler);
  EXPECT_EQ(old.sa_flags & kFlags, first.sa_flags);
  EXPECT_EQ(sigaction(SIGUSR2, nullptr, &old), 0);
  EXPECT_EQ(old.sa_sigaction, second.sa_sigaction);
  EXPECT_EQ(old.sa_flags & kFlags, second.sa_flags);
  EXPECT_EQ(signal(SIGUSR2, plain), second.sa_handler);
  EXPECT_EQ(signal(SIGUSR2, SIG_IGN), first.sa_handler);
  EXPECT_EQ(signal(SIGUSR2, SIG_DFL), SIG_IGN);
  EXPECT_EQ(sigaction(SIGKILL, &first, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sigaction(1000, &first, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(signal(-1, plain), SIG_ERR);
}

// A stream on a socket: lines as they come, on one thread with their writer.
TEST_P(HelpersTest, StreamsOnSockets) {
  constexpr int kLines = 3000;
  Pair sockets;
  job([&] {
    FILE *stream = fdopen(sockets.ends[0], "r+");
    ASSERT_NE(stream, nullptr);
    EXPECT_EQ(fileno(stream), sockets.ends[0]);
    EXPECT_EQ(fileno_unlocked(stream), sockets.ends[0]);
    char line[100];
    for (int i = 0; i < kLines; ++i) {
      ASSERT_NE(fgets(line, sizeof line, stream), nullptr);
      EXPECT_EQ(line, "line " + std::to_string(i) + "\n");
    }
    EXPECT_EQ(fseek(stream, 0, SEEK_CUR), -1);
    EXPECT_EQ(errno, ESPIPE);
    EXPECT_GT(fprintf(stream, "thanks\n"), 0);
    EXPECT_EQ(fflush(stream), 0);
    EXPECT_EQ(fgets(line, sizeof line, stream), nullptr);
    EXPECT_TRUE(feof(stream));
    EXPECT_EQ(fclose(stream), 0);
    EXPECT_EQ(fcntl(sockets.ends[0], F_GETFD), -1);
    sockets.ends[0] = -1;
  });
  job([&] {
    for (int i = 0; i < kLines; ++i)
      EXPECT_GT(dprintf(sockets.ends[1], "line %d\n", i), 0);
    char answer[8] = {};
    EXPECT_EQ(read(sockets.ends[1], answer, 7), 7);
    EXPECT_STREQ(answer, "thanks\n");
    EXPECT_EQ(shutdown(sockets.ends[1], SHUT_WR), 0);
  });
  run();
}

// More than a pipe holds, written and read by streams.
TEST_P(HelpersTest, StreamsOnPipes) {
  constexpr size_t kSize = 1000000;
  Pipe pipe;
  job([&] {
    FILE *out = fdopen(pipe.ends[1], "we");
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(fcntl(pipe.ends[1], F_GETFD), FD_CLOEXEC);
    for (size_t i = 0; i < kSize; ++i)
      EXPECT_NE(putc('a' + i % 26, out), EOF);
    EXPECT_EQ(fclose(out), 0);
    pipe.ends[1] = -1;
  });
  job([&] {
    EXPECT_EQ(fdopen(pipe.ends[0], "w"), nullptr);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(fdopen(pipe.ends[0], "what"), nullptr);
    FILE *in = fdopen(pipe.ends[0], "r");
    ASSERT_NE(in, nullptr);
    size_t count = 0;
    for (int c; (c = getc(in)) != EOF; ++count)
      EXPECT_EQ(c, int('a' + count % 26));
    EXPECT_EQ(count, kSize);
    EXPECT_EQ(fclose(in), 0);
    pipe.ends[0] = -1;
  });
  run();
}

// Streams on files are libc's own.
TEST_P(HelpersTest, StreamsOnFiles) {
  File file("text\n");
  job([&] {
    FILE *stream = fdopen(file.fd, "r+");
    ASSERT_NE(stream, nullptr);
    EXPECT_EQ(fileno(stream), file.fd);
    char line[10];
    EXPECT_EQ(fseek(stream, 0, SEEK_SET), 0);
    EXPECT_STREQ(fgets(line, sizeof line, stream), "text\n");
    EXPECT_EQ(fclose(stream), 0);
    file.fd = -1;
    EXPECT_EQ(fdopen(-1, "r"), nullptr);
    EXPECT_EQ(errno, EBADF);
  });
  run();
}

// A command's output, which comes only when another job lets it; and its status.
TEST_P(HelpersTest, Commands) {
  Pipe pipe;
  job([&] {
    const std::string command = "exec <&" + std::to_string(pipe.ends[0]) + "; read line; echo \"got $line\"; exit 3";
    FILE *stream = popen(command.c_str(), "r");
    ASSERT_NE(stream, nullptr);
    char line[100];
    ASSERT_NE(fgets(line, sizeof line, stream), nullptr);
    EXPECT_STREQ(line, "got it\n");
    EXPECT_EQ(pclose(stream), W_EXITCODE(3, 0));
    stream = popen("exit 4", "w");
    ASSERT_NE(stream, nullptr);
    EXPECT_EQ(pclose(stream), W_EXITCODE(4, 0));
    EXPECT_EQ(popen("true", "x"), nullptr);
    EXPECT_EQ(errno, EINVAL);
  });
  job([&] { EXPECT_EQ(write(pipe.ends[1], "it\n", 3), 3); });
  run();
}

// What libc crashes on with a stream that has a cookie: opening it anew, and wide characters.
TEST_P(HelpersTest, StreamsThatBecomeLibcs) {
  Pair sockets, others;
  job([&] {
    FILE *stream = fdopen(dup(sockets.ends[0]), "r+");
    ASSERT_NE(stream, nullptr);
    const int fd = fileno(stream);
    EXPECT_EQ(fputs("old", stream), 1);
    ASSERT_EQ(freopen("/dev/null", "r", stream), stream);
    EXPECT_EQ(fileno(stream), fd);
    EXPECT_EQ(fgetc(stream), EOF);
    EXPECT_EQ(fclose(stream), 0);
    EXPECT_EQ(fcntl(fd, F_GETFD), -1);
    char found[4] = {};
    EXPECT_EQ(recv(sockets.ends[1], found, 3, MSG_DONTWAIT), 3); // it was written before
    EXPECT_STREQ(found, "old");

    // A socket has no name by which it could be opened. Nothing frees what libc does not open anew, so it is kept.
    static auto *const lost = new std::vector<FILE *>();
    lost->push_back(fdopen(dup(sockets.ends[0]), "r+"));
    EXPECT_EQ(freopen(nullptr, "r", lost->back()), nullptr);

    stream = popen("exit 3", "r");
    ASSERT_EQ(freopen("/dev/null", "r", stream), stream);
    EXPECT_EQ(pclose(stream), W_EXITCODE(3, 0));
  });
  job([&] {
    FILE *from = fdopen(dup(others.ends[0]), "r"), *to = fdopen(dup(others.ends[1]), "w");
    EXPECT_EQ(fputws(L"wide\n", to), 1);
    EXPECT_EQ(fclose(to), 0);
    wchar_t found[8] = {};
    EXPECT_NE(fgetws(found, 8, from), nullptr);
    EXPECT_STREQ(found, L"wide\n");
    EXPECT_EQ(fclose(from), 0);
    FILE *command = popen("read x; exit 5", "w");
    EXPECT_EQ(fputws(L"wide\n", command), 1);
    EXPECT_EQ(pclose(command), W_EXITCODE(5, 0));
  });
  run();
}

// close() by a thread that is not the loop's, a helper for example, ends the calls of jobs as one by a job does; so
// does putting something else in the descriptor's place.
TEST_P(HelpersTest, CloseElsewhereWakes) {
  Pipe pipe;
  Pair sockets;
  const int fds[] = {dup(pipe.ends[0]), dup(sockets.ends[0]), dup(sockets.ends[1])};
  const int ended = open("/dev/null", O_RDONLY);
  int begun = 0, woken = 0;
  for (int fd : fds)
    job([&, fd] {
      char byte;
      ++begun;
      EXPECT_EQ(read(fd, &byte, 1), -1);
      EXPECT_EQ(errno, EBADF);
      ++woken;
    });
  job([&] {
    EXPECT_EQ(begun, 3);
    lookupHelpers.make([&] {
      EXPECT_EQ(close(fds[0]), 0);
      EXPECT_EQ(close(fds[1]), 0);
      EXPECT_EQ(dup2(ended, fds[2]), fds[2]);
      return 0;
    });
  });
  run();
  EXPECT_EQ(woken, 3);
  real::close(fds[2]);
  real::close(ended);
}

// Descriptors beyond those that have a bit of their own.
TEST_P(HelpersTest, CloseElsewhereOfManyDescriptors) {
  DescriptorSet set;
  std::vector<int> taken;
  for (int fd : {0, 63, 64, 1000, 65534, 65535, 70000, 1 << 30}) {
    EXPECT_EQ(set.has(fd), fd > 65535);
    set.add(fd);
    EXPECT_TRUE(set.has(fd));
  }
  set.removeAlone(1000);
  EXPECT_FALSE(set.has(1000));
  set.takeEach([&](int fd) { taken.push_back(fd); });
  EXPECT_EQ(taken, (std::vector<int>{0, 63, 64, 65534, DescriptorSet::kBeyond}));
  EXPECT_FALSE(set.has(63));
}

INSTANTIATE_TEST_SUITE_P(Io, HelpersTest, flux_test::everyIo(), flux_test::nameOfIo);
INSTANTIATE_TEST_SUITE_P(Io, RefusedThreadsTest, flux_test::everyIo(), flux_test::nameOfIo);
INSTANTIATE_TEST_SUITE_P(Io, NoFileHelpersTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
