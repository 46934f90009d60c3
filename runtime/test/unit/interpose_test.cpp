/// interpose_test.cpp - libc's blocking calls in jobs of a loop, where they block the job and not the thread. This
/// program defines them as a server does.
#include "fiber/registry.h"
#include "interpose_support.h"

#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace flux;
using namespace flux_test;

namespace {

std::vector<char> bytes(size_t count) {
  std::vector<char> result(count);
  for (size_t i = 0; i < count; ++i)
    result[i] = static_cast<char>(i * 31 + i / 251);
  return result;
}

/// Reads until the end, a little at a time.
std::vector<char> readAll(int fd, size_t total) {
  std::vector<char> result;
  char part[5000];
  while (result.size() < total) {
    const ssize_t n = read(fd, part, sizeof part);
    if (n <= 0)
      break;
    result.insert(result.end(), part, part + n);
  }
  return result;
}

// Each kind of descriptor that read() and write() have to wait for; the reader comes first.
TEST_P(InterposeTest, ReadWaits) {
  Pair sockets;
  Pipe pipe;
  const int event = eventfd(0, 0);
  int got = 0;
  for (int fd : {sockets.ends[0], pipe.ends[0], event})
    job([&got, fd] {
      char buffer[8] = {};
      EXPECT_GT(read(fd, buffer, sizeof buffer), 0);
      EXPECT_EQ(buffer[0], 'x');
      ++got;
    });
  job([&] {
    EXPECT_EQ(got, 0);
    char buffer[8] = {'x'};
    for (int fd : {sockets.ends[1], pipe.ends[1], event})
      EXPECT_EQ(write(fd, buffer, sizeof buffer), 8);
  });
  run();
  EXPECT_EQ(got, 3);
  real::close(event);
}

// A call that succeeds leaves errno alone, however many attempts it took.
TEST_P(InterposeTest, SuccessLeavesErrnoAlone) {
  Pair sockets;
  Pipe pipe;
  const std::vector<char> data = bytes(1000000);
  for (int fd : {sockets.ends[0], pipe.ends[1]})
    job([&data, fd] {
      errno = EXDEV;
      EXPECT_EQ(write(fd, data.data(), data.size()), ssize_t(data.size()));
      EXPECT_EQ(errno, EXDEV);
    });
  for (int fd : {sockets.ends[1], pipe.ends[0]})
    job([&data, fd] {
      errno = EXDEV;
      EXPECT_TRUE(readAll(fd, data.size()) == data);
      EXPECT_EQ(errno, EXDEV);
    });
  run();
}

// A write to a blocking descriptor transfers everything, however slowly it is read, by every call there is.
TEST_P(InterposeTest, WritesAreWhole) {
  constexpr size_t kSize = 3000000;
  const std::vector<char> data = bytes(kSize);
  Pair sockets[4];
  Pipe pipes[2];
  const auto parts = [&data] {
    // More parts than one window takes, some of them empty.
    std::vector<iovec> result;
    for (size_t at = 0; at < kSize;) {
      const size_t length = std::min(kSize - at, size_t(40000) * (result.size() % 5));
      result.push_back({const_cast<char *>(data.data()) + at, length});
      at += length;
    }
    return result;
  }();
  const auto partCount = static_cast<int>(parts.size());
  msghdr message = {};
  message.msg_iov = const_cast<iovec *>(parts.data());
  message.msg_iovlen = parts.size();
  job([&] { EXPECT_EQ(write(sockets[0].ends[0], data.data(), kSize), ssize_t(kSize)); });
  job([&] { EXPECT_EQ(writev(sockets[1].ends[0], parts.data(), partCount), ssize_t(kSize)); });
  job([&] { EXPECT_EQ(send(sockets[2].ends[0], data.data(), kSize, 0), ssize_t(kSize)); });
  job([&] { EXPECT_EQ(sendmsg(sockets[3].ends[0], &message, 0), ssize_t(kSize)); });
  job([&] { EXPECT_EQ(write(pipes[0].ends[1], data.data(), kSize), ssize_t(kSize)); });
  job([&] { EXPECT_EQ(writev(pipes[1].ends[1], parts.data(), partCount), ssize_t(kSize)); });
  for (int fd : {sockets[0].ends[1], sockets[1].ends[1], sockets[2].ends[1], sockets[3].ends[1], pipes[0].ends[0],
                 pipes[1].ends[0]})
    job([&data, fd] { EXPECT_TRUE(readAll(fd, kSize) == data); });
  run();
}

// sendfile() as well, and it leaves the socket as it was.
TEST_P(InterposeTest, SendfileIsWhole) {
  constexpr size_t kSize = 3000000;
  const std::vector<char> data = bytes(kSize);
  FILE *file = tmpfile();
  ASSERT_EQ(fwrite(data.data(), 1, kSize, file), kSize);
  ASSERT_EQ(fflush(file), 0);
  Pair sockets;
  job([&] {
    off_t offset = 0;
    EXPECT_EQ(sendfile(sockets.ends[0], fileno(file), &offset, kSize + 1), ssize_t(kSize));
    EXPECT_EQ(offset, off_t(kSize));
    EXPECT_EQ(fcntl(sockets.ends[0], F_GETFL) & O_NONBLOCK, 0);
  });
  job([&] { EXPECT_TRUE(readAll(sockets.ends[1], kSize) == data); });
  run();
  fclose(file);
}

// MSG_WAITALL waits for all there may be, the end of the stream for no more.
TEST_P(InterposeTest, WaitAll) {
  Pair sockets;
  const std::vector<char> data = bytes(100);
  job([&] {
    std::vector<char> got(100);
    EXPECT_EQ(recv(sockets.ends[0], got.data(), 100, MSG_WAITALL), 100);
    EXPECT_EQ(got, data);
    EXPECT_EQ(recv(sockets.ends[0], got.data(), 100, MSG_WAITALL), 10);
  });
  job([&] {
    for (size_t i = 0; i < 100; i += 10) {
      EXPECT_EQ(send(sockets.ends[1], data.data() + i, 10, 0), 10);
      usleep(100);
    }
    EXPECT_EQ(send(sockets.ends[1], data.data(), 10, 0), 10);
    EXPECT_EQ(shutdown(sockets.ends[1], SHUT_WR), 0);
  });
  run();
}

// Datagrams stay what they are.
TEST_P(InterposeTest, Datagrams) {
  Pair sockets(SOCK_DGRAM);
  job([&] {
    char buffer[100];
    EXPECT_EQ(recv(sockets.ends[0], buffer, sizeof buffer, 0), 3);
    EXPECT_EQ(recv(sockets.ends[0], buffer, sizeof buffer, 0), 0);
    EXPECT_EQ(read(sockets.ends[0], buffer, 1), 1);
  });
  job([&] {
    EXPECT_EQ(send(sockets.ends[1], "abc", 3, 0), 3);
    EXPECT_EQ(send(sockets.ends[1], "", 0, 0), 0);
    EXPECT_EQ(write(sockets.ends[1], "de", 2), 2);
  });
  run();
}

// A caller that asks not to be blocked is not: by the descriptor's flag or by the call's.
TEST_P(InterposeTest, NonblockingIsRespected) {
  Pair sockets;
  Pipe pipe;
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ASSERT_EQ(listen(listener, 1), 0);
  job([&] {
    char byte;
    EXPECT_EQ(recv(sockets.ends[0], &byte, 1, MSG_DONTWAIT), -1);
    EXPECT_EQ(errno, EAGAIN);
    for (int fd : {sockets.ends[0], pipe.ends[0]}) {
      ASSERT_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
      errno = 0;
      EXPECT_EQ(read(fd, &byte, 1), -1);
      EXPECT_EQ(errno, EAGAIN);
    }
    EXPECT_EQ(accept(listener, nullptr, nullptr), -1);
    EXPECT_EQ(errno, EAGAIN);
    // What fits is written, no more.
    const std::vector<char> data = bytes(3000000);
    const ssize_t written = write(sockets.ends[0], data.data(), data.size());
    EXPECT_GT(written, 0);
    EXPECT_LT(written, ssize_t(data.size()));
  });
  run();
  real::close(listener);
}

// Time-outs of sockets, in both directions; what had been written by then is reported.
TEST_P(InterposeTest, SocketTimeouts) {
  Pair sockets;
  const timeval limit = {0, 20000};
  ASSERT_EQ(setsockopt(sockets.ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
  ASSERT_EQ(setsockopt(sockets.ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
  job([&] {
    char byte;
    EXPECT_EQ(read(sockets.ends[0], &byte, 1), -1);
    EXPECT_EQ(errno, EAGAIN);
    const std::vector<char> data = bytes(3000000);
    EXPECT_GT(write(sockets.ends[0], data.data(), data.size()), 0);
    EXPECT_EQ(write(sockets.ends[0], data.data(), data.size()), -1);
    EXPECT_EQ(errno, EAGAIN);
  });
  run();
}

// close() by another job ends the wait with EBADF.
TEST_P(InterposeTest, CloseWakes) {
  Pipe pipe;
  Pair sockets;
  const int fds[] = {dup(pipe.ends[0]), dup(sockets.ends[0])};
  int woken = 0;
  for (int fd : fds)
    job([&woken, fd] {
      char byte;
      EXPECT_EQ(read(fd, &byte, 1), -1);
      EXPECT_EQ(errno, EBADF);
      ++woken;
    });
  job([&] {
    pollfd asked = {fds[1], POLLIN, 0};
    EXPECT_EQ(poll(&asked, 1, -1), 1);
    EXPECT_EQ(asked.revents, POLLNVAL);
    ++woken;
  });
  job([&] {
    for (int fd : fds)
      EXPECT_EQ(close(fd), 0);
    EXPECT_EQ(close(fds[0]), -1);
    EXPECT_EQ(errno, EBADF);
  });
  run();
  EXPECT_EQ(woken, 3);
}

// Interrupted calls fail with EINTR.
TEST_P(InterposeTest, Interrupts) {
  Pipe pipe;
  std::vector<Fiber *> fibers;
  job([&] {
    fibers.push_back(&loop.fiber());
    char byte;
    EXPECT_EQ(read(pipe.ends[0], &byte, 1), -1);
    EXPECT_EQ(errno, EINTR);
  });
  job([&] {
    fibers.push_back(&loop.fiber());
    EXPECT_EQ(poll(nullptr, 0, -1), -1);
    EXPECT_EQ(errno, EINTR);
  });
  job([&] {
    fibers.push_back(&loop.fiber());
    EXPECT_EQ(sleep(1000), 1000u);
  });
  job([&] {
    fibers.push_back(&loop.fiber());
    timespec left = {};
    const timespec time = {1000, 0};
    EXPECT_EQ(nanosleep(&time, &left), -1);
    EXPECT_EQ(errno, EINTR);
    EXPECT_GE(left.tv_sec, 990);
  });
  job([&] {
    for (Fiber *fiber : fibers)
      loop.interrupt(*fiber);
  });
  run();
}

sockaddr_in listenOnLoopback(int listener) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
  EXPECT_EQ(listen(listener, 100), 0);
  socklen_t length = sizeof address;
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length), 0);
  return address;
}

// A server and its clients, as anybody would write them, on one thread.
TEST_P(InterposeTest, Connections) {
  constexpr int kClients = 50;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = listenOnLoopback(listener);
  int answers = 0;
  job([&] {
    std::vector<int> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.push_back(i % 2 ? accept(listener, nullptr, nullptr) : accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
      EXPECT_GE(clients.back(), 0);
      EXPECT_EQ(fcntl(clients.back(), F_GETFL) & O_NONBLOCK, 0);
    }
    for (int fd : clients) {
      char byte;
      EXPECT_EQ(read(fd, &byte, 1), 1);
      ++byte;
      EXPECT_EQ(write(fd, &byte, 1), 1);
      EXPECT_EQ(close(fd), 0);
    }
  });
  for (int i = 0; i < kClients; ++i)
    job([&] {
      const int fd = socket(AF_INET, SOCK_STREAM, 0);
      EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
      EXPECT_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
      char byte = 'a';
      EXPECT_EQ(send(fd, &byte, 1, 0), 1);
      EXPECT_EQ(recv(fd, &byte, 1, 0), 1);
      EXPECT_EQ(byte, 'b');
      EXPECT_EQ(read(fd, &byte, 1), 0);
      EXPECT_EQ(close(fd), 0);
      ++answers;
    });
  run();
  EXPECT_EQ(answers, kClients);
  EXPECT_EQ(fcntl(listener, F_GETFL) & O_NONBLOCK, 0);
  real::close(listener);
}

// Connections that nobody takes are refused; a full queue of a local listener is waited for.
TEST_P(InterposeTest, ConnectionsThatFail) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = listenOnLoopback(listener);
  real::close(listener);
  const int local = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "flux-interpose-test-%d", getpid());
  ASSERT_EQ(bind(local, reinterpret_cast<sockaddr *>(&name), sizeof name), 0);
  ASSERT_EQ(listen(local, 0), 0);
  job([&] {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), -1);
    EXPECT_EQ(errno, ECONNREFUSED);
    close(fd);
  });
  for (int i = 0; i < 5; ++i)
    job([&] {
      const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
      EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr *>(&name), sizeof name), 0);
      close(fd);
    });
  job([&] {
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(close(accept(local, nullptr, nullptr)), 0);
  });
  run();
  real::close(local);
}

// A caller that is woken for nothing while the other side has not answered is not connected.
TEST_P(InterposeTest, ConnectionsThatAreNotAnswered) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = listenOnLoopback(listener);
  ASSERT_EQ(listen(listener, 0), 0); // room for one
  const int first = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(real::connect(first, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
  const int second = socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit = {0, 200000};
  ASSERT_EQ(setsockopt(second, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
  job([&] {
    EXPECT_EQ(connect(second, reinterpret_cast<const sockaddr *>(&address), sizeof address), -1);
    EXPECT_EQ(errno, EINPROGRESS);
  });
  job([&] { std::thread([&] { closedElsewhere(second); }).join(); });
  run();
  for (int fd : {first, second, listener})
    real::close(fd);
}

/// The calls that wait for descriptors, asked whether `fd` is readable within some time; each returns what the call
/// does, and 100 if that contradicts what it has stored.
using WaitCall = int (*)(int fd, int ms);
const WaitCall waitCalls[] = {
    [](int fd, int ms) {
      pollfd asked[] = {{-1, POLLIN, 0}, {fd, POLLIN, 0}};
      const int found = poll(asked, 2, ms);
      return asked[1].revents == (found == 1 ? POLLIN : 0) ? found : 100;
    },
    [](int fd, int ms) {
      // More than there is room for on the stack.
      std::vector<pollfd> asked(100, {-1, POLLIN, 0});
      asked[99].fd = fd;
      const timespec time = {ms / 1000, ms % 1000 * 1000000L};
      return ppoll(asked.data(), asked.size(), &time, nullptr);
    },
    [](int fd, int ms) {
      fd_set set;
      FD_ZERO(&set);
      FD_SET(fd, &set);
      timeval time = {ms / 1000, ms % 1000 * 1000L};
      const int found = select(fd + 1, &set, nullptr, nullptr, &time);
      return FD_ISSET(fd, &set) == (found == 1) ? found : 100;
    },
    [](int fd, int ms) {
      fd_set set;
      FD_ZERO(&set);
      FD_SET(fd, &set);
      const timespec time = {ms / 1000, ms % 1000 * 1000000L};
      return pselect(fd + 1, &set, nullptr, nullptr, &time, nullptr);
    },
    [](int fd, int ms) {
      const int epoll = epoll_create1(0);
      epoll_event event = {};
      event.events = EPOLLIN;
      EXPECT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
      const int found = epoll_wait(epoll, &event, 1, ms);
      close(epoll);
      return found;
    },
};

// A job that asks an epoll again and again in which something is always ready lets others run in between.
TEST_P(InterposeTest, EpollThatIsAlwaysReady) {
  Pipe pipe;
  EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  bool hasRun = false;
  job([&] {
    const int epoll = epoll_create1(0);
    epoll_event event = {};
    event.events = EPOLLIN;
    EXPECT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, pipe.ends[0], &event), 0);
    while (!hasRun)
      EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), 1);
    close(epoll);
  });
  job([&] { hasRun = true; });
  run();
}

// They find what becomes ready while they wait, and what was ready before.
TEST_P(InterposeTest, WaitsFind) {
  Pipe pipe;
  size_t found = 0;
  for (WaitCall call : waitCalls)
    job([&, call] {
      EXPECT_EQ(call(pipe.ends[0], 100000), 1);
      EXPECT_EQ(call(pipe.ends[0], 100000), 1);
      EXPECT_EQ(call(pipe.ends[0], 0), 1);
      ++found;
    });
  job([&] {
    usleep(1000);
    EXPECT_EQ(found, 0u);
    EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  });
  run();
  EXPECT_EQ(found, std::size(waitCalls));
}

// A caller that asks for nothing in particular is told of a hang-up.
TEST_P(InterposeTest, HangUpsAreTold) {
  Pair sockets;
  job([&] {
    pollfd asked = {sockets.ends[0], 0, 0};
    EXPECT_EQ(poll(&asked, 1, 100000), 1);
    EXPECT_EQ(asked.revents, POLLHUP);
  });
  job([&] {
    EXPECT_EQ(close(sockets.ends[1]), 0);
    sockets.ends[1] = -1;
  });
  run();
}

/// Processor time that this thread has used.
std::chrono::nanoseconds threadTime() {
  timespec used;
  EXPECT_EQ(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used), 0);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

// Urgent data is told to who asks for nothing else, by poll() and as an exceptional condition.
TEST_P(InterposeTest, UrgentData) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = listenOnLoopback(listener);
  ASSERT_EQ(listen(listener, 2), 0);
  int peers[2], own[2];
  for (int i : {0, 1}) {
    peers[i] = socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_EQ(real::connect(peers[i], reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    own[i] = real::accept(listener, nullptr, nullptr);
  }
  job([&] {
    pollfd asked = {own[0], POLLPRI, 0};
    EXPECT_EQ(poll(&asked, 1, -1), 1);
    EXPECT_EQ(asked.revents & POLLPRI, POLLPRI);
  });
  job([&] {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(own[1], &set);
    EXPECT_EQ(select(own[1] + 1, nullptr, nullptr, &set, nullptr), 1);
    EXPECT_TRUE(FD_ISSET(own[1], &set));
  });
  job([&] {
    for (int peer : peers)
      EXPECT_EQ(send(peer, "!", 1, MSG_OOB), 1);
  });
  run();
  for (int fd : {peers[0], peers[1], own[0], own[1], listener})
    real::close(fd);
}

// A hang-up that is nothing to a select() does not keep the thread busy until its time is over.
TEST_P(InterposeTest, HangUpsOfNoConcern) {
  constexpr std::chrono::milliseconds kWait(500);
  Pair sockets;
  EXPECT_EQ(real::close(sockets.ends[1]), 0);
  sockets.ends[1] = -1;
  job([&] {
    fd_set urgent;
    FD_ZERO(&urgent);
    FD_SET(sockets.ends[0], &urgent);
    timeval time = {0, std::chrono::microseconds(kWait).count()};
    EXPECT_EQ(select(sockets.ends[0] + 1, nullptr, nullptr, &urgent, &time), 0);
    EXPECT_FALSE(FD_ISSET(sockets.ends[0], &urgent));
  });
  const auto before = threadTime();
  run();
  EXPECT_LT(threadTime() - before, kWait / 2);
}

// Nor does a client that has said all it has to say keep it busy while it is slow to read.
TEST_P(InterposeTest, HalfClosedConnections) {
  constexpr std::chrono::milliseconds kWait(500);
  const std::vector<char> data = bytes(3000000);
  Pair sockets;
  EXPECT_EQ(shutdown(sockets.ends[1], SHUT_WR), 0);
  std::chrono::nanoseconds used{};
  job([&] { EXPECT_EQ(write(sockets.ends[0], data.data(), data.size()), ssize_t(data.size())); });
  job([&] {
    const auto before = threadTime();
    usleep(static_cast<useconds_t>(std::chrono::microseconds(kWait).count()));
    used = threadTime() - before;
    EXPECT_TRUE(readAll(sockets.ends[1], data.size()) == data);
  });
  run();
  EXPECT_LT(used, kWait / 2);
}

// They give up at their time, not before.
TEST_P(InterposeTest, WaitsTimeOut) {
  Pipe pipe;
  for (WaitCall call : waitCalls)
    job([&, call] {
      const auto start = std::chrono::steady_clock::now();
      EXPECT_EQ(call(pipe.ends[0], 10), 0);
      EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(10));
      EXPECT_EQ(call(pipe.ends[0], 0), 0);
    });
  run();
}

// What cannot be duplicated replaces nothing, so nobody's call is ended.
TEST_P(InterposeTest, DuplicatesThatFail) {
  Pipe pipe, other;
  job([&] {
    char byte;
    EXPECT_EQ(read(pipe.ends[0], &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
  });
  job([&] {
    const int closed = dup(pipe.ends[0]);
    close(closed);
    const auto failsWith = [](int error, int result) {
      EXPECT_EQ(result, -1);
      EXPECT_EQ(errno, error);
    };
    failsWith(EBADF, dup2(closed, pipe.ends[0]));
    failsWith(EBADF, dup3(closed, pipe.ends[0], 0));
    failsWith(EINVAL, dup3(pipe.ends[0], pipe.ends[0], 0));
    failsWith(EINVAL, dup3(other.ends[0], pipe.ends[0], O_APPEND));
    EXPECT_EQ(dup2(pipe.ends[0], pipe.ends[0]), pipe.ends[0]);
    EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  });
  run();
}

// Wrong arguments fail as they do elsewhere.
TEST_P(InterposeTest, WrongArguments) {
  job([&] {
    char byte;
    fd_set set;
    FD_ZERO(&set);
    const int closed = dup(STDERR_FILENO);
    close(closed);
    FD_SET(closed, &set);
    const timespec wrong = {0, 2000000000};
    const auto failsWith = [](int error, ssize_t result) {
      EXPECT_EQ(result, -1);
      EXPECT_EQ(errno, error);
    };
    failsWith(EBADF, read(-1, &byte, 1));
    failsWith(EBADF, write(closed, &byte, 1));
    failsWith(EBADF, accept(closed, nullptr, nullptr));
    failsWith(EBADF, select(closed + 1, &set, nullptr, nullptr, nullptr));
    failsWith(EINVAL, select(-1, nullptr, nullptr, nullptr, nullptr));
    failsWith(EINVAL, nanosleep(&wrong, nullptr));
    failsWith(EBADF, epoll_wait(closed, nullptr, 1, -1));
  });
  run();
}

// Files are always ready.
TEST_P(InterposeTest, RegularFiles) {
  FILE *file = tmpfile();
  job([&] {
    const int fd = fileno(file);
    EXPECT_EQ(write(fd, "abc", 3), 3);
    EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
    char buffer[10];
    EXPECT_EQ(read(fd, buffer, sizeof buffer), 3);
    EXPECT_EQ(read(fd, buffer, sizeof buffer), 0);
  });
  run();
  fclose(file);
}

// A job that spins on sched_yield() lets others run.
TEST_P(InterposeTest, YieldsLetOthersRun) {
  bool set = false;
  job([&] {
    while (!set)
      sched_yield();
  });
  job([&] { set = true; });
  run();
}

// A child process that a job forks has libc's calls back, and leaves the loop's waits alone.
TEST_P(InterposeTest, ForkedChildren) {
  Pipe pipe;
  job([&] {
    char byte;
    EXPECT_EQ(read(pipe.ends[0], &byte, 1), 1);
  });
  job([&] {
    const pid_t child = fork();
    if (child == 0) {
      const bool outside = Loop::current() == nullptr;
      close(pipe.ends[0]);
      const bool wrote = write(pipe.ends[1], "x", 1) == 1;
      _exit(outside && wrote ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  });
  run();
}

// So has one of vfork().
TEST_P(InterposeTest, VforkedChildren) {
  Pipe pipe;
  job([&] {
    char byte;
    EXPECT_EQ(read(pipe.ends[0], &byte, 1), 1);
  });
  job([&] {
    // NOLINTBEGIN(*.vfork,*.Vfork,bugprone-unsafe-functions)
    const pid_t child = vfork();
    if (child == 0) {
      close(pipe.ends[0]);
      _exit(0);
    }
    // NOLINTEND(*.vfork,*.Vfork,bugprone-unsafe-functions)
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(write(pipe.ends[1], "x", 1), 1);
  });
  run();
}

// Threads that are not the loop's block as they always did, at the same time.
TEST_P(InterposeTest, OtherThreadsPassThrough) {
  Pipe there, back;
  std::thread other([&] {
    EXPECT_EQ(Loop::current(), nullptr);
    char byte;
    EXPECT_EQ(read(there.ends[0], &byte, 1), 1);
    EXPECT_EQ(write(back.ends[1], &byte, 1), 1);
  });
  job([&] {
    char byte = 'x';
    EXPECT_EQ(write(there.ends[1], &byte, 1), 1);
    EXPECT_EQ(read(back.ends[0], &byte, 1), 1);
  });
  run();
  other.join();
}

// A thousand jobs in read() at once, on one thread.
TEST_P(InterposeTest, AThousandReaders) {
  constexpr size_t kReaders = 1000;
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, 2 * kReaders + 50);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  std::vector<Pair> sockets(kReaders);
  size_t begun = 0, ended = 0;
  for (Pair &pair : sockets)
    job([&] {
      ++begun;
      char byte = 0;
      EXPECT_EQ(read(pair.ends[0], &byte, 1), 1);
      EXPECT_EQ(byte, 'x');
      ++ended;
    });
  job([&] {
    EXPECT_EQ(begun, kReaders);
    EXPECT_EQ(ended, 0u);
    for (Pair &pair : sockets)
      EXPECT_EQ(write(pair.ends[1], "x", 1), 1);
  });
  run();
  EXPECT_EQ(ended, kReaders);
}

INSTANTIATE_TEST_SUITE_P(Io, InterposeTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
