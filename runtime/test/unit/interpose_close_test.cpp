/// interpose_close_test.cpp - numbers of descriptors that come to stand for something else while a job's call waits:
/// the call ends with EBADF, and what is new is left alone.
#include "interpose_support.h"

#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <thread>

using namespace flux;
using namespace flux_test;

namespace {

/// A call that waits for the first of a pair of sockets: what it returns, and -2 if it says what is wrong otherwise.
struct Waiting {
  const char *name;
  ssize_t (*call)(int fd);
};

char byte[8];
const iovec part = {byte, sizeof byte};

/// What the peer has sent, so that sending to it waits.
bool isSender(const Waiting &waiting) { return strncmp(waiting.name, "send", 4) == 0 || waiting.name[0] == 'w'; }

std::vector<char> large(1 << 20, 's');

const Waiting waitingCalls[] = {
    {"read", [](int fd) { return read(fd, byte, 1); }},
    {"readv", [](int fd) { return readv(fd, &part, 1); }},
    {"recv", [](int fd) { return recv(fd, byte, 1, 0); }},
    {"recv all", [](int fd) { return recv(fd, byte, 8, MSG_WAITALL); }},
    {"recvfrom", [](int fd) { return recvfrom(fd, byte, 1, MSG_PEEK, nullptr, nullptr); }},
    {"recvmsg",
     [](int fd) {
       msghdr message = {};
       message.msg_iov = const_cast<iovec *>(&part);
       message.msg_iovlen = 1;
       return recvmsg(fd, &message, 0);
     }},
    {"write", [](int fd) { return write(fd, large.data(), large.size()); }},
    {"writev",
     [](int fd) {
       const iovec all = {large.data(), large.size()};
       return writev(fd, &all, 1);
     }},
    {"send", [](int fd) { return send(fd, large.data(), large.size(), MSG_NOSIGNAL); }},
    {"sendfile",
     [](int fd) {
       FILE *file = tmpfile();
       EXPECT_EQ(fwrite(large.data(), 1, large.size(), file), large.size());
       EXPECT_EQ(fflush(file), 0);
       off_t offset = 0;
       const ssize_t sent = sendfile(fd, fileno(file), &offset, large.size());
       const int error = errno;
       fclose(file);
       errno = error;
       return sent;
     }},
    {"poll",
     [](int fd) -> ssize_t {
       pollfd asked[] = {{-1, 0, 0}, {fd, POLLIN, 0}};
       const int found = poll(asked, 2, -1);
       errno = EBADF;
       return found == 1 && asked[1].revents == POLLNVAL ? -1 : -2;
     }},
    {"select",
     [](int fd) -> ssize_t {
       fd_set set;
       FD_ZERO(&set);
       FD_SET(fd, &set);
       return select(fd + 1, &set, nullptr, nullptr, nullptr);
     }},
};

/// Fills what the socket takes, so that the next to send waits; returns how much that was.
size_t fill(int fd) {
  size_t total = 0;
  for (ssize_t n = 0; n >= 0; n = real::send(fd, large.data(), large.size(), MSG_DONTWAIT))
    total += static_cast<size_t>(n);
  return total;
}

/// The ways in which a number may come to stand for something else; each makes `fd` the first of a new pair of sockets
/// and returns the second.
struct Replacing {
  const char *name;
  void (*close)(int fd);
};

const Replacing replacing[] = {
    {"close", [](int fd) { EXPECT_EQ(close(fd), 0); }},
    {"close_range", [](int fd) { EXPECT_EQ(close_range(static_cast<unsigned>(fd), static_cast<unsigned>(fd), 0), 0); }},
    {"fclose", [](int fd) { EXPECT_EQ(fclose(fdopen(fd, "r+")), 0); }},
    {"freopen",
     [](int fd) {
       FILE *stream = freopen("/dev/null", "r", fdopen(fd, "r+"));
       ASSERT_NE(stream, nullptr);
       EXPECT_EQ(fileno(stream), fd);
       EXPECT_EQ(fclose(stream), 0);
     }},
    {"syscall(SYS_close)", [](int fd) { EXPECT_EQ(syscall(SYS_close, fd), 0); }},
    {"syscall(SYS_close_range)", [](int fd) { EXPECT_EQ(syscall(SYS_close_range, fd, fd, 0), 0); }},
    {"dup2", nullptr},
    {"dup3", nullptr},
    {"syscall(SYS_dup3)", nullptr},
};

/// Puts a new pair of sockets at the number; returns the other end, which has sent one byte.
int replace(int fd, const Replacing &how) {
  int ends[2];
  if (how.close)
    how.close(fd);
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  if (ends[0] != fd) {
    EXPECT_EQ(strcmp(how.name, "dup3") == 0   ? dup3(ends[0], fd, 0)
              : strcmp(how.name, "dup2") == 0 ? dup2(ends[0], fd)
                                              : syscall(SYS_dup3, ends[0], fd, 0),
              fd);
    real::close(ends[0]);
  }
  EXPECT_EQ(real::send(ends[1], "z", 1, 0), 1);
  return ends[1];
}

class CloseTest : public InterposeTest {
protected:
  /// Makes ready for another run().
  void reopen() {
    loop.close();
    std::destroy_at(&loop);
    std::construct_at(&loop);
    ASSERT_TRUE(loop.open(GetParam(), 256 * 1024, 4096, [](void *) {}, nullptr));
  }

  /// Has `waiting` wait for a number that is closed and reused by a thread before the loop hears of anything.
  void check(const Waiting &waiting, const Replacing &how, bool readyBefore) {
    SCOPED_TRACE(std::string(waiting.name) + ", " + how.name + (readyBefore ? ", ready" : ""));
    int ends[2], peer = -1;
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    if (isSender(waiting))
      fill(ends[0]);
    job([&] {
      errno = 0;
      EXPECT_EQ(waiting.call(ends[0]), -1);
      EXPECT_EQ(errno, EBADF);
    });
    job([&] {
      std::thread([&] {
        if (readyBefore) {
          EXPECT_EQ(real::send(ends[1], "old", 3, 0), 3);
          while (isSender(waiting) && real::recv(ends[1], byte, sizeof byte, MSG_DONTWAIT) > 0) {
          }
        }
        peer = replace(ends[0], how);
      }).join();
    });
    run();
    char found[8];
    EXPECT_EQ(real::recv(ends[0], found, sizeof found, MSG_DONTWAIT), 1); // it is as its owner expects
    EXPECT_EQ(found[0], 'z');
    EXPECT_EQ(real::recv(peer, found, sizeof found, MSG_DONTWAIT), -1);
    for (int fd : {ends[0], ends[1], peer})
      real::close(fd);
  }
};

// Each call that waits, ended by each call that closes, on a thread that is none of the loop's.
TEST_P(CloseTest, NumbersThatAreReused) {
  for (const Waiting &waiting : waitingCalls)
    for (const Replacing &how : replacing) {
      reopen();
      check(waiting, how, false);
    }
}

// What it waited for had just become ready.
TEST_P(CloseTest, NumbersThatAreReusedWhenReady) {
  for (const Waiting &waiting : waitingCalls) {
    reopen();
    check(waiting, replacing[0], true);
  }
}

// A listener's number becomes another listener's, with a connection that is its owner's to accept.
TEST_P(CloseTest, AcceptOfAnotherListener) {
  const auto listen = [] {
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {AF_UNIX, {}};
    EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof(sa_family_t)), 0);
    EXPECT_EQ(::listen(listener, 5), 0);
    return listener;
  };
  const int listener = listen();
  int client = -1;
  job([&] {
    EXPECT_EQ(accept(listener, nullptr, nullptr), -1);
    EXPECT_EQ(errno, EBADF);
  });
  job([&] {
    std::thread([&] {
      close(listener);
      ASSERT_EQ(listen(), listener);
      sockaddr_un address;
      socklen_t length = sizeof address;
      ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length), 0);
      client = socket(AF_UNIX, SOCK_STREAM, 0);
      ASSERT_EQ(real::connect(client, reinterpret_cast<sockaddr *>(&address), length), 0);
    }).join();
  });
  run();
  const int accepted = real::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  EXPECT_GE(accepted, 0);
  for (int fd : {listener, client, accepted})
    real::close(fd);
}

// Pipes, whose calls are others than those of sockets, from both ends.
TEST_P(CloseTest, Pipes) {
  for (int end : {0, 1}) {
    reopen();
    int ends[2], next[2];
    ASSERT_EQ(pipe(ends), 0);
    const int fd = ends[end];
    if (end == 1) {
      ASSERT_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
      while (real::write(fd, large.data(), 4096) > 0) {
      }
      ASSERT_EQ(fcntl(fd, F_SETFL, 0), 0);
    }
    job([&] {
      EXPECT_EQ(end == 0 ? read(fd, byte, 1) : write(fd, large.data(), large.size()), -1);
      EXPECT_EQ(errno, EBADF);
    });
    job([&] {
      std::thread([&] {
        ASSERT_EQ(pipe(next), 0);
        ASSERT_EQ(dup2(next[end], fd), fd);
        EXPECT_EQ(real::write(next[1], "z", 1), 1);
      }).join();
    });
    run();
    int found = 0;
    EXPECT_EQ(ioctl(next[0], FIONREAD, &found), 0);
    EXPECT_EQ(found, 1);
    for (int each : {ends[0], ends[1], next[0], next[1]})
      real::close(each);
  }
}

// An epoll's number becomes a pipe's: it is no epoll any more, and who asks next is told at once.
TEST_P(CloseTest, Epolls) {
  int ends[2] = {-1, -1};
  Pair sockets;
  const int epoll = epoll_create1(0);
  epoll_event event = {};
  event.events = EPOLLIN;
  ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, sockets.ends[0], &event), 0);
  ASSERT_EQ(real::send(sockets.ends[1], "x", 1, 0), 1);
  job([&] {
    EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), 1);
    ASSERT_EQ(real::recv(sockets.ends[0], byte, 1, 0), 1);
    EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), -1);
    EXPECT_EQ(errno, EBADF);
    EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(epoll_wait(epoll, &event, 0, -1), -1);
    EXPECT_EQ(errno, EINVAL);
  });
  job([&] {
    while (real::recv(sockets.ends[0], byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1)
      loop.yield();
    std::thread([&] {
      close(epoll);
      ASSERT_EQ(pipe(ends), 0);
      ASSERT_EQ(ends[0], epoll);
    }).join();
  });
  run();
  for (int end : ends)
    real::close(end);
}

// A call that begins with the number as it is now goes on waiting, whatever becomes of those before it.
TEST_P(CloseTest, TheNewOwnerGoesOn) {
  int ends[2], next[2] = {-1, -1};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const int fd = ends[0];
  int order = 0;
  job([&] {
    EXPECT_EQ(read(fd, byte, 1), -1);
    EXPECT_EQ(errno, EBADF);
    EXPECT_EQ(++order, 1);
  });
  job([&] {
    std::thread([&] {
      close(fd);
      EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, next), 0);
    }).join();
    EXPECT_EQ(next[0], fd);
    char found = 0;
    EXPECT_EQ(read(fd, &found, 1), 1);
    EXPECT_EQ(found, 'n');
    EXPECT_EQ(++order, 2);
  });
  job([&] {
    while (order == 0)
      loop.yield();
    EXPECT_EQ(real::send(next[1], "n", 1, 0), 1);
  });
  run();
  for (int each : {ends[1], next[0], next[1]})
    real::close(each);
}

// Numbers that nobody waits for may be closed by the million.
TEST_P(CloseTest, Ranges) {
  const int low = fcntl(0, F_DUPFD, 700), high = fcntl(0, F_DUPFD, 900);
  Pair sockets;
  const int fd = fcntl(sockets.ends[0], F_DUPFD, 800);
  job([&] {
    EXPECT_EQ(read(fd, byte, 1), -1);
    EXPECT_EQ(errno, EBADF);
  });
  job([&] {
    EXPECT_EQ(close_range(500, ~0U, CLOSE_RANGE_CLOEXEC), 0);
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(close_range(600, 500, 0), -1);
    EXPECT_EQ(errno, EINVAL);
    closefrom(500);
  });
  run();
  EXPECT_EQ(fcntl(low, F_GETFD), -1);
  EXPECT_EQ(fcntl(high, F_GETFD), -1);
}

INSTANTIATE_TEST_SUITE_P(Io, CloseTest, everyIo(), nameOfIo);

} // namespace
