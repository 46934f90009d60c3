/// interpose_moves_test.cpp - the calls that wait and are easily forgotten: each parks its job, so that another one of
/// the same thread can do what it waits for.
#include "interpose_support.h"
#include "posix/helpers.h"

#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <string.h>
#include <string>
#include <sys/file.h>
#include <time.h>

extern "C" int thrd_sleep(const timespec *time, timespec *remaining);

using namespace flux;
using namespace flux_test;

namespace {

class MovesTest : public InterposeTest {};

/// A directory of its own, for names.
struct Directory {
  Directory() { EXPECT_NE(mkdtemp(path), nullptr); }
  ~Directory() {
    real::unlink(name().c_str());
    rmdir(path);
  }
  std::string name() const { return std::string(path) + "/name"; }
  char path[32] = "/tmp/flux-moves-XXXXXX";
};

// Bytes between two descriptors: the reader comes first, then the one that moves, then who writes.
TEST_P(MovesTest, BetweenDescriptors) {
  Pair sockets;
  Pipe first, second;
  job([&] {
    char byte = 0;
    EXPECT_EQ(read(second.ends[0], &byte, 1), 1);
    EXPECT_EQ(byte, 'm');
  });
  job([&] { EXPECT_EQ(tee(first.ends[0], second.ends[1], 10, 0), 1); });
  job([&] { EXPECT_EQ(splice(sockets.ends[0], nullptr, first.ends[1], nullptr, 10, 0), 1); });
  job([&] { EXPECT_EQ(write(sockets.ends[1], "m", 1), 1); });
  run();
}

// Who asks not to be blocked is not.
TEST_P(MovesTest, NonblockingIsRespected) {
  Pair sockets(SOCK_DGRAM);
  Pipe first, second;
  job([&] {
    char byte;
    const iovec part = {&byte, 1};
    mmsghdr message = {};
    message.msg_hdr.msg_iov = const_cast<iovec *>(&part);
    message.msg_hdr.msg_iovlen = 1;
    EXPECT_EQ(tee(first.ends[0], second.ends[1], 10, SPLICE_F_NONBLOCK), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(splice(first.ends[0], nullptr, second.ends[1], nullptr, 10, SPLICE_F_NONBLOCK), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(preadv2(first.ends[0], &part, 1, -1, RWF_NOWAIT), -1);
    EXPECT_TRUE(errno == EAGAIN || errno == EOPNOTSUPP); // kernels differ
    EXPECT_EQ(recvmmsg(sockets.ends[0], &message, 1, MSG_DONTWAIT, nullptr), -1);
    EXPECT_EQ(errno, EAGAIN);
    fcntl(first.ends[0], F_SETFL, O_NONBLOCK);
    EXPECT_EQ(tee(first.ends[0], second.ends[1], 10, 0), -1);
    EXPECT_EQ(errno, EAGAIN);
  });
  run();
}

// Several messages: all that were asked for, or one and what is there besides.
TEST_P(MovesTest, Messages) {
  Pair sockets(SOCK_DGRAM);
  char texts[4][4] = {};
  iovec parts[4];
  mmsghdr messages[4] = {};
  for (int i = 0; i < 4; ++i) {
    parts[i] = {texts[i], 3};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  job([&] {
    EXPECT_EQ(recvmmsg(sockets.ends[0], messages, 3, 0, nullptr), 3);
    EXPECT_EQ(messages[2].msg_len, 2u);
    EXPECT_STREQ(texts[2], "cc");
    EXPECT_EQ(recvmmsg(sockets.ends[0], messages, 4, MSG_WAITFORONE, nullptr), 2);
  });
  job([&] {
    EXPECT_EQ(write(sockets.ends[1], "aa", 2), 2);
    loop.yield();
    EXPECT_EQ(write(sockets.ends[1], "bb", 2), 2);
    EXPECT_EQ(write(sockets.ends[1], "cc", 2), 2);
    loop.yield();
    iovec text = {const_cast<char *>("dd"), 2};
    mmsghdr sent[2] = {};
    sent[0].msg_hdr.msg_iov = sent[1].msg_hdr.msg_iov = &text;
    sent[0].msg_hdr.msg_iovlen = sent[1].msg_hdr.msg_iovlen = 1;
    EXPECT_EQ(sendmmsg(sockets.ends[1], sent, 2, 0), 2);
  });
  run();
}

// Vectors with flags, on what is no file.
TEST_P(MovesTest, VectorsWithFlags) {
  Pipe pipe;
  job([&] {
    char byte = 0;
    const iovec part = {&byte, 1};
    EXPECT_EQ(preadv2(pipe.ends[0], &part, 1, -1, 0), 1);
    EXPECT_EQ(byte, 'v');
  });
  job([&] {
    const iovec part = {const_cast<char *>("v"), 1};
    EXPECT_EQ(pwritev2(pipe.ends[1], &part, 1, -1, 0), 1);
  });
  run();
}

// Locks of a file that another job of the same thread holds; its descriptor is the lock's owner. Closing ends the wait.
TEST_P(MovesTest, FileLocks) {
  Directory directory;
  int fds[3], order = 0;
  for (int &fd : fds)
    ASSERT_GE(fd = open(directory.name().c_str(), O_RDWR | O_CREAT, 0600), 0);
  for (const bool ofd : {false, true}) {
    if (ofd) {
      loop.close();
      std::destroy_at(&loop);
      std::construct_at(&loop);
      ASSERT_TRUE(loop.open(GetParam(), 256 * 1024, 64, [](void *) {}, nullptr));
      ASSERT_GE(fds[2] = open(directory.name().c_str(), O_RDWR), 0);
    }
    const auto lock = [ofd](int fd, bool locks) {
      struct flock whole = {};
      whole.l_type = locks ? F_WRLCK : F_UNLCK;
      return ofd ? fcntl(fd, locks ? F_OFD_SETLKW : F_OFD_SETLK, &whole) : flock(fd, locks ? LOCK_EX : LOCK_UN);
    };
    order = 0;
    ASSERT_EQ(lock(fds[0], true), 0);
    job([&] {
      EXPECT_EQ(lock(fds[1], true), 0);
      EXPECT_EQ(++order, 2);
      EXPECT_EQ(lock(fds[1], false), 0);
    });
    job([&] {
      EXPECT_EQ(lock(fds[2], true), -1);
      EXPECT_EQ(errno, EBADF);
    });
    job([&] {
      EXPECT_EQ(close(fds[2]), 0);
      EXPECT_EQ(++order, 1);
      EXPECT_EQ(lock(fds[0], false), 0);
    });
    run();
  }
  for (int fd : {fds[0], fds[1]})
    real::close(fd);
}

// A FIFO is open when both ends are, by descriptors and as a stream; helpers for lookups wait.
TEST_P(MovesTest, Fifos) {
  Directory directory;
  const std::string name = directory.name();
  ASSERT_EQ(mkfifo(name.c_str(), 0600), 0);
  lookupHelpers.open(8);
  bool isClosed = false;
  job([&] {
    const int fd = open(name.c_str(), O_RDONLY);
    char byte = 0;
    EXPECT_EQ(read(fd, &byte, 1), 1);
    EXPECT_EQ(close(fd), 0);
    isClosed = true;
    FILE *stream = fopen(name.c_str(), "r");
    ASSERT_NE(stream, nullptr);
    EXPECT_EQ(fgetc(stream), 'f');
    EXPECT_EQ(fgetc(stream), EOF);
    EXPECT_EQ(fclose(stream), 0);
  });
  job([&] {
    for (int i = 0; i < 2; ++i) {
      const int fd = open(name.c_str(), O_WRONLY);
      EXPECT_EQ(write(fd, "f", 1), 1);
      EXPECT_EQ(close(fd), 0);
      while (!isClosed) // else it would be the first reader's again
        usleep(1000);
    }
  });
  run();
  lookupHelpers.close();
}

// Signals that are waited for, and time on clocks that few use; meanwhile others run.
TEST_P(MovesTest, SignalsAndClocks) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 1);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  int ended = 0;
  job([&] {
    siginfo_t info = {};
    EXPECT_EQ(sigtimedwait(&set, &info, nullptr), SIGRTMIN + 1);
    EXPECT_EQ(info.si_signo, SIGRTMIN + 1);
    const timespec little = {0, 1000000};
    EXPECT_EQ(sigtimedwait(&set, &info, &little), -1);
    EXPECT_EQ(errno, EAGAIN);
    int signal = 0;
    EXPECT_EQ(sigwait(&set, &signal), 0);
    EXPECT_EQ(signal, SIGRTMIN + 1);
    ++ended;
  });
  for (const clockid_t clock : {CLOCK_BOOTTIME, CLOCK_TAI})
    job([&, clock] {
      timespec time;
      clock_gettime(clock, &time);
      time.tv_nsec += 1000000;
      time = {time.tv_sec + time.tv_nsec / 1000000000, time.tv_nsec % 1000000000};
      EXPECT_EQ(clock_nanosleep(clock, TIMER_ABSTIME, &time, nullptr), 0);
      timespec now;
      clock_gettime(clock, &now);
      EXPECT_TRUE(now.tv_sec > time.tv_sec || (now.tv_sec == time.tv_sec && now.tv_nsec >= time.tv_nsec));
    });
  job([&] {
    const timespec little = {0, 1000000};
    EXPECT_EQ(thrd_sleep(&little, nullptr), 0);
    EXPECT_EQ(pthread_kill(pthread_self(), SIGRTMIN + 1), 0);
    usleep(10000);
    EXPECT_EQ(pthread_kill(pthread_self(), SIGRTMIN + 1), 0);
  });
  run();
  EXPECT_EQ(ended, 1);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Io, MovesTest, everyIo(), nameOfIo);

} // namespace
