/// close_stress.cpp - loops and threads that close descriptors which flows of other loops wait for, and reuse the
/// numbers at once: no byte of one connection reaches another one. Meant for ThreadSanitizer, too.
#include "core/os/mutex.h"
#include "core/os/real.h"
#include "io_parameter.h"
#include "loop/loop.h"
#include "posix/interpose.h"
#include "support.h"

#include <gtest/gtest.h>

#include <string.h>
#include <sys/ioctl.h>

using namespace flux;
using namespace flux_test;

namespace {

constexpr int kLoops = 3, kThreads = 2;
constexpr int kVictimsPerLoop = 8, kClosersPerLoop = 2;
constexpr int kRounds = kSanitized ? 40 : 300; // of each victim

/// A call that waits, and is to be ended: its descriptor, and the other end of the connection.
struct Victim {
  int fd;
  int peer;
  bool sends;
};

/// Who closes takes the victims from here.
class Victims {
public:
  void put(const Victim &victim) {
    MutexLock guard(mutex);
    waiting.push_back(victim);
  }
  bool take(Victim &victim) {
    MutexLock guard(mutex);
    if (waiting.empty())
      return false;
    victim = waiting.back();
    waiting.pop_back();
    return true;
  }

private:
  Mutex mutex;
  std::vector<Victim> waiting;
};

Victims victims;
std::atomic<int> victimsLeft{0};
std::atomic<uint32_t> tags{0};

/// What one connection carries and no other: eight bytes, of which the first three come before the rest.
struct Tag {
  explicit Tag(char kind) { snprintf(text, sizeof text, "%c%07u", kind, tags.fetch_add(1) % 10000000); }
  char text[9];
};
constexpr size_t kTag = 8, kPrefix = 3;

int unread(int fd) {
  int count = 0;
  EXPECT_EQ(ioctl(fd, FIONREAD, &count), 0);
  return count;
}

/// A flow that receives: it has some of what it wants, and waits for more, which never comes.
void receive() {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const Tag tag('v');
  char found[kTag + 1] = {};
  ASSERT_EQ(real::send(ends[1], tag.text, kPrefix, 0), static_cast<ssize_t>(kPrefix));
  victims.put({ends[0], ends[1], false});
  EXPECT_EQ(recv(ends[0], found, kTag, MSG_WAITALL), static_cast<ssize_t>(kPrefix));
  EXPECT_EQ(std::string(found), std::string(tag.text, kPrefix));
}

/// A flow that sends more than its connection takes.
void sendMuch() {
  static const std::vector<char> much(4 << 20, 'V');
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  victims.put({ends[0], ends[1], true});
  const ssize_t sent = write(ends[0], much.data(), much.size());
  EXPECT_GT(sent, 0);
  EXPECT_LT(sent, static_cast<ssize_t>(much.size()));
}

void runVictim(uint32_t number) {
  for (int i = 0; i < kRounds; ++i)
    (number + static_cast<uint32_t>(i)) % 2 ? receive() : sendMuch();
  victimsLeft.fetch_sub(1);
}

/// Puts another connection at the number, by one call of those that do.
void replace(int fd, uint32_t how, int (&ends)[2]) {
  // ThreadSanitizer does not know close_range(), and takes the next file of that number for a race.
  if (how % 3 == 0 || (how % 3 == 1 && kUnderTsan)) {
    ASSERT_EQ(close(fd), 0);
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  } else if (how % 3 == 1) {
    ASSERT_EQ(close_range(static_cast<unsigned>(fd), static_cast<unsigned>(fd), 0), 0);
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  } else {
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ASSERT_EQ(dup2(ends[0], fd), fd);
    ASSERT_EQ(close(ends[0]), 0);
    ends[0] = fd;
  }
}

/// Ends a victim's call, and has what comes next at its number carry something else, both ways.
void end(const Victim &victim, uint32_t how) {
  // The call is under way: it has taken what there was, or given what it could.
  waitUntil([&] { return victim.sends ? unread(victim.peer) > 0 : unread(victim.fd) == 0; });
  int ends[2];
  replace(victim.fd, how, ends);
  const Tag there('t'), back('b');
  char found[64] = {};
  ASSERT_EQ(real::send(ends[1], there.text, kTag, 0), static_cast<ssize_t>(kTag));
  ASSERT_EQ(real::send(ends[0], back.text, kTag, 0), static_cast<ssize_t>(kTag));
  real::sched_yield();
  EXPECT_EQ(real::recv(ends[0], found, sizeof found, MSG_DONTWAIT), static_cast<ssize_t>(kTag));
  EXPECT_EQ(std::string(found), there.text);
  EXPECT_EQ(real::recv(ends[1], found, sizeof found, MSG_DONTWAIT), static_cast<ssize_t>(kTag));
  EXPECT_EQ(std::string(found), back.text);
  for (int fd : {ends[0], ends[1], victim.peer})
    EXPECT_EQ(close(fd), 0);
}

/// `pause` lets others run.
template <typename F> void runCloser(uint32_t how, F pause) {
  Victim victim;
  while (victimsLeft.load() > 0)
    if (victims.take(victim))
      end(victim, how++);
    else
      pause();
}

/// A loop with its jobs, some of which are closed and some of which close.
struct Runner {
  explicit Runner(Io io, uint32_t number) : number(number) {
    EXPECT_TRUE(loop.open(io, 256 * 1024, 64, [](void *) {}, nullptr));
    for (int i = 0; i < kVictimsPerLoop; ++i)
      post([](Runner &self) { runVictim(self.number++); });
    for (int i = 0; i < kClosersPerLoop; ++i)
      post([](Runner &self) { runCloser(self.number++, [] { usleep(50); }); });
  }
  ~Runner() { loop.close(); }
  Runner(const Runner &) = delete;
  Runner &operator=(const Runner &) = delete;

  template <typename F> void post(F) {
    ++left;
    loop.post({[](void *argument) {
                 auto &self = *static_cast<Runner *>(argument);
                 F()(self);
                 if (--self.left == 0)
                   self.loop.quit();
               },
               this});
  }

  Loop loop;
  uint32_t number;
  int left = 0;
};

class CloseStress : public IoTest {};

TEST_P(CloseStress, NoByteReachesAnotherConnection) {
  linkInterposedCalls();
  victimsLeft = kLoops * kVictimsPerLoop;
  std::vector<std::unique_ptr<Runner>> runners;
  for (uint32_t i = 0; i < kLoops; ++i)
    runners.push_back(std::make_unique<Runner>(GetParam(), i * 100));
  std::vector<std::thread> threads;
  for (auto &runner : runners)
    threads.emplace_back([&runner] { runner->loop.run(); });
  for (uint32_t i = 0; i < kThreads; ++i)
    threads.emplace_back([i] { runCloser(i, [] { real::sched_yield(); }); });
  for (std::thread &thread : threads)
    thread.join();
}

INSTANTIATE_TEST_SUITE_P(Io, CloseStress, everyIo(), nameOfIo);

} // namespace
