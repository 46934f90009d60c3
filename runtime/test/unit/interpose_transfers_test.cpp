/// interpose_transfers_test.cpp - calls that move bytes, in jobs of a loop: when they are through, when they give up,
/// and that they never take the thread with them.
#include "interpose_support.h"
#include "posix/blocking.h"
#include "support.h"

#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>

using namespace flux;
using namespace flux_test;

namespace {

struct TransfersTest : InterposeTest {};

/// Puts something in the place of one of libc's calls, for the life of a scope.
template <typename F> class Replaced {
public:
  Replaced(F &call, F replacement) : call(call), original(call) { call = replacement; }
  ~Replaced() { call = original; }
  Replaced(const Replaced &) = delete;
  Replaced &operator=(const Replaced &) = delete;

private:
  F &call;
  const F original;
};

decltype(real::poll) realPoll = nullptr;

int interruptions = 0;
int pollAfterSignals(pollfd *fds, nfds_t count, int timeout) {
  if (interruptions-- <= 0)
    return realPoll(fds, count, timeout);
  errno = EINTR;
  return -1;
}

// poll() is interrupted by handlers even if it would not wait. That does not make a descriptor ready.
TEST(IsReady, AfterSignals) {
  Pipe pipe;
  realPoll = real::poll;
  const Replaced scope(real::poll, &pollAfterSignals);
  interruptions = 2;
  EXPECT_FALSE(isReady(pipe.ends[0], POLLIN));
  interruptions = 2;
  EXPECT_TRUE(isReady(pipe.ends[1], POLLOUT));
}

/// Whether the condition comes true in time.
template <typename F> bool comesTrue(std::chrono::milliseconds limit, F condition) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
  return true;
}

/// A loop on a thread of its own, with two jobs.
class OtherLoop {
public:
  using Body = std::function<void()>;
  OtherLoop(Io io, Body one, Body two) : bodies{std::move(one), std::move(two)} {
    EXPECT_TRUE(loop.open(io, 256 * 1024, 16, [](void *) {}, nullptr));
    loop.post({[](void *self) { static_cast<OtherLoop *>(self)->runOne(0); }, this});
    loop.post({[](void *self) { static_cast<OtherLoop *>(self)->runOne(1); }, this});
    thread = std::thread([this] { loop.run(); });
  }
  ~OtherLoop() {
    thread.join();
    loop.close();
  }

private:
  void runOne(int i) {
    bodies[i]();
    if (--left == 0)
      loop.quit();
  }

  Loop loop;
  Body bodies[2];
  int left = 2;
  std::thread thread;
};

std::atomic<int> foundReady{0};
/// Says that a descriptor is ready to two threads at once, if two ask.
int pollTogether(pollfd *fds, nfds_t count, int timeout) {
  const int found = realPoll(fds, count, timeout);
  if (found > 0) {
    ++foundReady;
    comesTrue(std::chrono::milliseconds(200), [] { return foundReady >= 2; });
  }
  return found;
}

// Two loops read one pipe. Both learn of each byte, and the one that does not get it goes on with its other jobs.
TEST_P(TransfersTest, LoopsThatReadOnePipe) {
  constexpr int kRounds = 20;
  realPoll = real::poll;
  const Replaced scope(real::poll, &pollTogether);
  Pipe pipe;
  std::atomic<int> got{0}, asked{0}, answered[2] = {};
  const auto reader = [&] {
    char byte;
    while (read(pipe.ends[0], &byte, 1) == 1 && byte == 'x')
      ++got;
  };
  const auto answer = [&](int i) {
    while (asked >= 0) {
      answered[i] = asked.load();
      usleep(20);
    }
  };
  OtherLoop other(GetParam(), reader, [&] { answer(1); });
  std::thread writer([&] {
    constexpr std::chrono::seconds kLimit(10);
    bool goOn = true;
    for (int i = 1; i <= kRounds && goOn; ++i) {
      foundReady = 0;
      EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
      goOn = comesTrue(kLimit, [&] { return got == i; });
      asked = i;
      goOn = goOn && comesTrue(kLimit, [&] { return answered[0] == i && answered[1] == i; });
      EXPECT_TRUE(goOn) << "in round " << i;
    }
    asked = -1;
    EXPECT_EQ(write(pipe.ends[1], "..", 2), 2);
  });
  job(reader);
  job([&] { answer(0); });
  run();
  writer.join();
}

/// A pipe with a name, which it has no more once it is open; both ends are one descriptor.
int openFifo() {
  const std::string name = testing::TempDir() + "flux-transfers-" + std::to_string(getpid()) + ".fifo";
  EXPECT_EQ(mkfifo(name.c_str(), 0600), 0);
  const int fd = open(name.c_str(), O_RDWR);
  unlink(name.c_str());
  return fd;
}

// Bytes that fit into PIPE_BUF stay together, in however many parts they come and however full the pipe is; more bytes
// than that go as there is room. With a name, for which poll() is asked, and without.
TEST_P(TransfersTest, PipesKeepWritesTogether) {
  constexpr int kParts = 100;
  constexpr size_t kLength = 40, kTotal = kParts * kLength, kWrites = 50, kMuch = 300000;
  static_assert(kTotal <= PIPE_BUF);
  Pipe pipe;
  const int fifo = openFifo();
  struct Way {
    int out, in;
    int writers = 2;
  } ways[] = {{pipe.ends[0], pipe.ends[1]}, {fifo, fifo}};
  for (Way &way : ways) {
    for (char name : {'a', 'b'})
      job([&way, name] {
        std::string part(kLength, name);
        const std::vector<iovec> parts(kParts, {part.data(), kLength});
        for (size_t i = 0; i < kWrites; ++i)
          EXPECT_EQ(writev(way.in, parts.data(), kParts), ssize_t(kTotal));
        if (--way.writers == 0)
          EXPECT_EQ(write(way.in, std::string(kMuch, 'c').data(), kMuch), ssize_t(kMuch));
      });
    job([&way] {
      const auto next = [&way](size_t count) {
        std::string got(count, ' ');
        for (size_t done = 0; done < count;)
          done += size_t(read(way.out, got.data() + done, std::min<size_t>(count - done, 700)));
        return got;
      };
      for (size_t i = 0; i < 2 * kWrites; ++i) {
        const std::string got = next(kTotal);
        EXPECT_EQ(got, std::string(kTotal, got[0]));
      }
      EXPECT_TRUE(next(kMuch) == std::string(kMuch, 'c'));
    });
  }
  run();
  real::close(fifo);
}

// What has no call that does not wait, such as writing to an eventfd, is waited for all the same.
TEST_P(TransfersTest, FullEvents) {
  const int event = eventfd(0, 0);
  const uint64_t most = UINT64_MAX - 1;
  job([&] {
    EXPECT_EQ(write(event, &most, sizeof most), 8);
    EXPECT_EQ(write(event, &most, sizeof most), 8);
  });
  job([&] {
    uint64_t got;
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(read(event, &got, sizeof got), 8);
      EXPECT_EQ(got, most);
    }
  });
  run();
  real::close(event);
}

/// A pair of connected TCP sockets that hold little.
struct SmallConnection {
  SmallConnection() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int little = 4096;
    EXPECT_EQ(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *name = reinterpret_cast<sockaddr *>(&address);
    EXPECT_EQ(bind(listener, name, length), 0);
    EXPECT_EQ(listen(listener, 1), 0);
    EXPECT_EQ(getsockname(listener, name, &length), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &little, sizeof little), 0);
    EXPECT_EQ(connect(ends[0], name, length), 0);
    ends[1] = accept(listener, nullptr, nullptr);
    close(listener);
  }
  ~SmallConnection() {
    real::close(ends[0]);
    real::close(ends[1]);
  }
  int ends[2];
};

// The limit of a socket is for the call as a whole: a peer that takes or gives a little all the time does not keep it
// going.
TEST_P(TransfersTest, TimeoutsAreForTheWholeCall) {
  SmallConnection slowReader;
  Pair slowWriter;
  const timeval limit = {0, 100000};
  ASSERT_EQ(setsockopt(slowReader.ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
  ASSERT_EQ(setsockopt(slowWriter.ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
  constexpr int kRounds = 1000;
  constexpr size_t kPart = 10000, kSize = 2 * kRounds * kPart;
  int left = 2, rounds = 0;
  job([&] {
    const std::vector<char> data(kSize);
    EXPECT_GT(send(slowReader.ends[0], data.data(), kSize, 0), 0);
    --left;
  });
  job([&] {
    char data[2 * kRounds];
    EXPECT_GT(recv(slowWriter.ends[0], data, sizeof data, MSG_WAITALL), 0);
    --left;
  });
  job([&] {
    char part[kPart];
    for (; rounds < kRounds && left > 0; ++rounds) {
      recv(slowReader.ends[1], part, sizeof part, MSG_DONTWAIT);
      EXPECT_EQ(send(slowWriter.ends[1], "x", 1, 0), 1);
      usleep(10000);
    }
  });
  run();
  EXPECT_LT(rounds, kRounds);
}

// sendfile(), and what sends on a local socket, have their time anew for each piece; so it is in Linux.
TEST(TimeLimit, Pieces) {
  Pair local;
  SmallConnection connection;
  const timeval limit = {1, 0};
  for (int fd : {local.ends[0], connection.ends[0]})
    ASSERT_EQ(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
  ASSERT_EQ(setsockopt(local.ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
  const auto startsAnew = [](TimeLimit limit) {
    const uint64_t first = limit.deadline();
    EXPECT_NE(first, kNever);
    EXPECT_EQ(limit.deadline(), first);
    limit.progress();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return limit.deadline() != first;
  };
  EXPECT_TRUE(startsAnew({local.ends[0], SO_SNDTIMEO}));
  EXPECT_TRUE(startsAnew({connection.ends[0], SO_SNDTIMEO, true}));
  EXPECT_FALSE(startsAnew({connection.ends[0], SO_SNDTIMEO}));
  EXPECT_FALSE(startsAnew({local.ends[0], SO_RCVTIMEO}));
}

// MSG_WAITALL waits for the rest of a stream. A message is whole as it comes.
TEST_P(TransfersTest, WaitAllTakesOneMessage) {
  Pair datagrams(SOCK_DGRAM), packets(SOCK_SEQPACKET);
  const timeval limit = {1, 0}; // of a test that fails
  for (const Pair *pair : {&datagrams, &packets})
    ASSERT_EQ(setsockopt(pair->ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
  job([&] {
    char buffer[100];
    const iovec part = {buffer, sizeof buffer};
    for (const Pair *pair : {&datagrams, &packets}) {
      EXPECT_EQ(recv(pair->ends[0], buffer, sizeof buffer, MSG_WAITALL), 5);
      msghdr message = {};
      message.msg_iov = const_cast<iovec *>(&part);
      message.msg_iovlen = 1;
      EXPECT_EQ(recvmsg(pair->ends[0], &message, MSG_WAITALL), 6);
    }
  });
  job([&] {
    for (const Pair *pair : {&datagrams, &packets}) {
      EXPECT_EQ(send(pair->ends[1], "first", 5, 0), 5);
      EXPECT_EQ(send(pair->ends[1], "second", 6, 0), 6);
    }
  });
  run();
}

// Errors that are queued are asked for, never waited for.
TEST_P(TransfersTest, ErrorQueue) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const timeval limit = {1, 0}; // of a test that fails
  ASSERT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
  int turns = 0;
  bool isOver = false;
  job([&] {
    msghdr message = {};
    EXPECT_EQ(recvmsg(fd, &message, MSG_ERRQUEUE), -1);
    EXPECT_EQ(errno, EAGAIN);
    char byte;
    EXPECT_EQ(recv(fd, &byte, 1, MSG_ERRQUEUE), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(turns, 0);
    isOver = true;
  });
  job([&] {
    while (!isOver) {
      ++turns;
      usleep(1000);
    }
  });
  run();
  real::close(fd);
}

int numSent = 0;
decltype(real::sendto) realSendto = nullptr;
ssize_t countedSendto(int fd, const void *data, size_t size, int flags, const sockaddr *to, socklen_t length) {
  ++numSent;
  return realSendto(fd, data, size, flags, to, length);
}

// A local datagram socket is always ready to send, the receiver's queue may be full all the same. The sender tries
// again now and then, not all the time; its limit counts.
TEST_P(TransfersTest, FullReceivers) {
  const int receiver = socket(AF_UNIX, SOCK_DGRAM, 0), sender = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "flux-transfers-test-%d", getpid());
  const auto *to = reinterpret_cast<const sockaddr *>(&name);
  ASSERT_EQ(bind(receiver, to, sizeof name), 0);
  while (sendto(sender, "x", 1, MSG_DONTWAIT, to, sizeof name) == 1) {
  }
  ASSERT_EQ(errno, EAGAIN);
  realSendto = real::sendto;
  const Replaced scope(real::sendto, &countedSendto);
  numSent = 0;
  const auto start = std::chrono::steady_clock::now();
  job([&] {
    EXPECT_EQ(sendto(sender, "y", 1, 0, to, sizeof name), 1);
    const auto took = std::chrono::steady_clock::now() - start;
    // Once before it waits, twice when it has found the socket ready, and then twice after each millisecond at most.
    EXPECT_LE(numSent, 3 + 2 * (took / std::chrono::milliseconds(1)));
    const timeval limit = {0, 20000};
    ASSERT_EQ(setsockopt(sender, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
    EXPECT_EQ(sendto(sender, "z", 1, 0, to, sizeof name), -1);
    EXPECT_EQ(errno, EAGAIN);
  });
  job([&] {
    usleep(50000);
    char byte;
    EXPECT_EQ(recv(receiver, &byte, 1, 0), 1);
  });
  run();
  real::close(receiver);
  real::close(sender);
}

INSTANTIATE_TEST_SUITE_P(Io, TransfersTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
