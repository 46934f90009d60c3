/// loop_test.cpp - jobs that block and do not, on one thread.
#include "core/os/real.h"
#include "io_parameter.h"
#include "loop/loop.h"

#include <gtest/gtest.h>

#include <climits>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace flux;

// How many more stacks the system gives; linked by --wrap.
static std::atomic<int> stacksLeft{INT_MAX};

extern "C" void *__real_mmap(void *, size_t, int, int, int, off_t);
extern "C" void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
  if ((flags & MAP_STACK) && stacksLeft-- <= 0) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return __real_mmap(address, size, protection, flags, fd, offset);
}

// How many times the system still refuses to watch a descriptor by epoll; linked by --wrap.
static std::atomic<int> refusals{0};

extern "C" int __real_epoll_ctl(int, int, int, epoll_event *);
extern "C" int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event *event) {
  if (refusals > 0) {
    --refusals;
    errno = ENOMEM;
    return -1;
  }
  return __real_epoll_ctl(epoll, operation, fd, event);
}

namespace {

constexpr uint64_t kMs = 1000000;

/// A loop that runs the jobs posted to it until one calls quit().
class LoopTest : public flux_test::IoTest {
protected:
  void SetUp() override {
    IoTest::SetUp();
    if (IsSkipped())
      return;
    ASSERT_TRUE(
        loop.open(GetParam(), 128 * 1024, 4096, [](void *test) { ++static_cast<LoopTest *>(test)->pokes; }, this));
  }
  void TearDown() override { loop.close(); }

  template <typename F> void post(F &job) {
    loop.post({[](void *function) { (*static_cast<F *>(function))(); }, &job});
  }

  Loop loop;
  int pokes = 0;
};

// Jobs that do not block run one after the other, on one fiber.
TEST_P(LoopTest, PlainCalls) {
  std::vector<int> order;
  std::vector<Fiber *> fibers;
  int next = 0;
  auto job = [&] {
    order.push_back(next++);
    fibers.push_back(&loop.fiber());
    EXPECT_EQ(Loop::current(), &loop);
    if (next == 1000)
      loop.quit();
  };
  for (int i = 0; i < 1000; ++i)
    post(job);
  EXPECT_EQ(Loop::current(), nullptr);
  loop.run();
  EXPECT_EQ(order.size(), 1000u);
  EXPECT_EQ(fibers, std::vector<Fiber *>(1000, fibers[0]));
  EXPECT_EQ(loop.figures().fibers, 2u);
}

// A job that blocks keeps its fiber; others run meanwhile, and it goes on where it was.
TEST_P(LoopTest, BlockedJobsKeepTheirFiber) {
  constexpr int kJobs = 1000;
  std::vector<Fiber *> parked;
  int ended = 0;
  auto blocks = [&] {
    Fiber *mine = &loop.fiber();
    parked.push_back(mine);
    loop.park();
    EXPECT_EQ(&loop.fiber(), mine);
    if (++ended == kJobs)
      loop.quit();
  };
  auto wakes = [&] {
    EXPECT_EQ(parked.size(), size_t(kJobs));
    for (Fiber *fiber : parked)
      loop.permit(*fiber);
  };
  for (int i = 0; i < kJobs; ++i)
    post(blocks);
  post(wakes);
  loop.run();
  EXPECT_EQ(ended, kJobs);
  EXPECT_LE(loop.figures().fibers, kJobs + 2u);
}

// A permit that comes first is kept, once.
TEST_P(LoopTest, PermitsAreKept) {
  auto job = [&] {
    loop.permit(loop.fiber());
    loop.park();
    loop.quit();
  };
  post(job);
  loop.run();
}

// Another thread wakes fibers of a loop that sleeps.
TEST_P(LoopTest, PermitsFromElsewhere) {
  std::atomic<Fiber *> parked{nullptr};
  bool done = false;
  int rounds = 0;
  auto job = [&] {
    for (; rounds < 1000; ++rounds) {
      parked = &loop.fiber();
      loop.park();
    }
    done = true;
    loop.quit();
  };
  std::atomic<bool> over{false};
  std::thread waker([&] {
    while (!over)
      if (Fiber *fiber = parked.exchange(nullptr))
        loop.permitFromElsewhere(*fiber);
  });
  post(job);
  loop.run();
  over = true;
  waker.join();
  EXPECT_TRUE(done);
  EXPECT_EQ(rounds, 1000);
}

// A loop that cannot watch for being woken, for want of memory, does so when there is some.
TEST(LoopMemoryTest, WakesAreHeardAgain) {
  Loop loop;
  ASSERT_TRUE(loop.open(Io::Epoll, 128 * 1024, 10, [](void *) {}, nullptr));
  std::atomic<Fiber *> parked{nullptr};
  std::pair<Loop *, std::atomic<Fiber *> *> both(&loop, &parked);
  loop.post({[](void *argument) {
               auto &[loop, parked] = *static_cast<decltype(both) *>(argument);
               refusals = 3;
               for (int heard = 0; heard < 3; heard += refusals == 0) {
                 *parked = &loop->fiber();
                 loop->park();
               }
               loop->quit();
             },
             &both});
  std::atomic<bool> over{false};
  std::thread waker([&] {
    while (!over) {
      // By then the loop sleeps, most likely.
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (Fiber *fiber = parked.exchange(nullptr))
        loop.permitFromElsewhere(*fiber);
    }
  });
  loop.run();
  over = true;
  waker.join();
  loop.close();
}

// A job that yields again and again keeps neither queued jobs nor timers from running.
TEST_P(LoopTest, NobodyStarves) {
  bool slept = false, ran = false;
  auto yields = [&] {
    while (!slept || !ran)
      loop.yield();
    loop.quit();
  };
  auto sleeps = [&] {
    EXPECT_EQ(loop.await(nullptr, 0, 1), Outcome::TimedOut);
    slept = true;
  };
  auto runs = [&] { ran = true; };
  post(yields);
  post(sleeps);
  post(runs);
  loop.run();
}

// Which of the ready fibers runs next is for the policy to say, here the one that has become ready last.
TEST_P(LoopTest, PolicyDecidesWhoIsNext) {
  class LastFirst final : public RunPolicy {
  public:
    void add(Fiber &fiber) override { fibers.push_back(&fiber); }
    Fiber &take() override {
      Fiber &last = *fibers.back();
      fibers.pop_back();
      return last;
    }

  private:
    std::vector<Fiber *> fibers;
  } policy;
  loop.setPolicy(policy);
  std::vector<Fiber *> parked;
  std::vector<Fiber *> woken;
  auto blocks = [&] {
    parked.push_back(&loop.fiber());
    loop.park();
    woken.push_back(&loop.fiber());
    if (woken.size() == 3)
      loop.quit();
  };
  auto wakes = [&] {
    for (Fiber *fiber : parked)
      loop.permit(*fiber);
  };
  for (int i = 0; i < 3; ++i)
    post(blocks);
  post(wakes);
  loop.run();
  EXPECT_EQ(woken, std::vector<Fiber *>(parked.rbegin(), parked.rend()));
}

// Sleepers wake in the order of their deadlines.
TEST_P(LoopTest, Sleeps) {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const uint64_t start = static_cast<uint64_t>(now.tv_sec) * 1000 * kMs + static_cast<uint64_t>(now.tv_nsec);
  std::vector<int> order;
  int next = 0;
  auto job = [&] {
    const int number = next++;
    EXPECT_EQ(loop.await(nullptr, 0, start + static_cast<uint64_t>(10 - number) * 5 * kMs), Outcome::TimedOut);
    order.push_back(number);
    if (order.size() == 10)
      loop.quit();
  };
  for (int i = 0; i < 10; ++i)
    post(job);
  loop.run();
  EXPECT_EQ(order, (std::vector<int>{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
}

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    real::close(ends[0]);
    real::close(ends[1]);
  }
  int ends[2];
};

Outcome awaitReadable(Loop &loop, int fd, uint64_t deadline = kNever) {
  DescriptorWait wait;
  wait.fd = fd;
  wait.events = EPOLLIN;
  generations.begin(fd, wait.generation);
  return loop.await(&wait, 1, deadline);
}

/// Sees to it that so many can be open.
void allowDescriptors(size_t count) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur >= count)
    return;
  limit.rlim_cur = count;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

// A thousand jobs wait for a descriptor each.
TEST_P(LoopTest, AThousandReaders) {
  constexpr size_t kReaders = 1000;
  allowDescriptors(2 * kReaders + 50);
  std::vector<Pipe> pipes(kReaders);
  size_t begun = 0, ended = 0;
  auto reads = [&] {
    const size_t number = begun++;
    EXPECT_EQ(awaitReadable(loop, pipes[number].ends[0]), Outcome::Ready);
    char byte = 0;
    EXPECT_EQ(real::read(pipes[number].ends[0], &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
    if (++ended == kReaders)
      loop.quit();
  };
  auto writes = [&] {
    EXPECT_EQ(begun, kReaders);
    EXPECT_EQ(ended, 0u);
    for (const Pipe &each : pipes)
      EXPECT_EQ(real::write(each.ends[1], "x", 1), 1);
  };
  for (size_t i = 0; i < kReaders; ++i)
    post(reads);
  post(writes);
  loop.run();
  EXPECT_EQ(ended, kReaders);
}

// Several jobs may wait for one descriptor, and one job for several.
TEST_P(LoopTest, SharedDescriptors) {
  Pipe first, second;
  int woken = 0;
  auto any = [&] {
    DescriptorWait waits[2];
    waits[0].fd = first.ends[0];
    waits[1].fd = second.ends[0];
    waits[0].events = waits[1].events = EPOLLIN;
    for (DescriptorWait &wait : waits)
      generations.begin(wait.fd, wait.generation);
    EXPECT_EQ(loop.await(waits, 2, kNever), Outcome::Ready);
    if (++woken == 3)
      loop.quit();
  };
  auto one = [&] {
    EXPECT_EQ(awaitReadable(loop, second.ends[0]), Outcome::Ready);
    if (++woken == 3)
      loop.quit();
  };
  auto writes = [&] { EXPECT_EQ(real::write(second.ends[1], "x", 1), 1); };
  post(any);
  post(one);
  post(any);
  post(writes);
  loop.run();
  EXPECT_EQ(woken, 3);
}

// The other ways a wait ends.
TEST_P(LoopTest, OtherOutcomes) {
  Pipe pipe;
  Fiber *interrupted = nullptr;
  int ended = 0;
  const auto end = [&] {
    if (++ended == 4)
      loop.quit();
  };
  auto timesOut = [&] {
    EXPECT_EQ(awaitReadable(loop, pipe.ends[0], 1), Outcome::TimedOut);
    end();
  };
  auto isInterrupted = [&] {
    interrupted = &loop.fiber();
    EXPECT_EQ(awaitReadable(loop, pipe.ends[0]), Outcome::Interrupted);
    end();
  };
  auto seesClose = [&] {
    EXPECT_EQ(awaitReadable(loop, pipe.ends[0]), Outcome::Closed);
    end();
  };
  auto acts = [&] {
    loop.interrupt(loop.fiber()); // in no wait: nothing happens
    loop.interrupt(*interrupted);
    EXPECT_EQ(loop.await(nullptr, 0, 1), Outcome::TimedOut);
    loop.closing(pipe.ends[0]);
    end();
  };
  post(timesOut);
  post(isInterrupted);
  post(seesClose);
  post(acts);
  loop.run();
  EXPECT_EQ(ended, 4);
}

// What nothing can watch is no reason to wait; the call itself says what is wrong with it. To io_uring a regular file
// is ready, to epoll it is nothing to watch.
TEST_P(LoopTest, DescriptorsThatCannotBeAwaited) {
  FILE *file = tmpfile();
  auto job = [&] {
    EXPECT_EQ(awaitReadable(loop, fileno(file)), GetParam() == Io::Ring ? Outcome::Ready : Outcome::Unwatchable);
    EXPECT_EQ(awaitReadable(loop, 4000000), Outcome::Unwatchable);
    loop.quit();
  };
  post(job);
  loop.run();
  fclose(file);
}

// A number that is closed behind the reactor's back, and opened again, is awaited as the new one.
TEST_P(LoopTest, ReusedDescriptors) {
  auto job = [&] {
    int last = -1;
    for (int i = 0; i < 10; ++i) {
      Pipe pipe;
      EXPECT_TRUE(last == -1 || pipe.ends[0] == last);
      last = pipe.ends[0];
      EXPECT_EQ(awaitReadable(loop, pipe.ends[0], 1), Outcome::TimedOut);
      EXPECT_EQ(real::write(pipe.ends[1], "x", 1), 1);
      EXPECT_EQ(awaitReadable(loop, pipe.ends[0]), Outcome::Ready);
    }
    loop.quit();
  };
  post(job);
  loop.run();
}

// More descriptors become ready at a moment than the queue of events has room for.
TEST_P(LoopTest, ManyAtOnce) {
  constexpr size_t kReaders = 5000, kAlone = 3900;
  allowDescriptors(kReaders + 50);
  std::vector<int> copies;
  const int event = eventfd(0, 0);
  for (size_t i = 0; i < kReaders; ++i)
    copies.push_back(dup(event));
  ASSERT_GE(copies.back(), 0);
  size_t begun = 0, ended = 0;
  // All but the first ones wait for several.
  auto waits = [&] {
    constexpr size_t kTogether = 10;
    DescriptorWait waits[kTogether];
    const size_t count = begun < kAlone ? 1 : kTogether;
    for (size_t i = 0; i < count; ++i) {
      waits[i].fd = copies[begun++];
      waits[i].events = EPOLLIN;
      generations.begin(waits[i].fd, waits[i].generation);
    }
    EXPECT_EQ(loop.await(waits, count, kNever), Outcome::Ready);
    ended += count;
    if (ended == kReaders)
      loop.quit();
  };
  auto writes = [&] {
    EXPECT_EQ(loop.await(nullptr, 0, 1), Outcome::TimedOut); // they are watched now
    EXPECT_EQ(eventfd_write(event, 1), 0);
  };
  for (size_t i = 0; i < kAlone + (kReaders - kAlone) / 10; ++i)
    post(waits);
  post(writes);
  loop.run();
  for (int each : copies)
    real::close(each);
  real::close(event);
}

// Closing a descriptor that was waited for closes what is behind it now: the address of a socket can be used again.
TEST_P(LoopTest, ClosingKeepsNothingOpen) {
  auto job = [&] {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    for (int i = 0; i < 20; ++i) {
      const int listener = socket(AF_INET, SOCK_STREAM, 0);
      ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address), 0) << strerror(errno);
      ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length), 0);
      ASSERT_EQ(listen(listener, 1), 0);
      // Its wait is over, by the clock, when it is closed; every other time another flow still waits.
      EXPECT_EQ(awaitReadable(loop, listener, 1), Outcome::TimedOut);
      bool begun = false, ended = false;
      auto waits = [&] {
        begun = true;
        EXPECT_EQ(awaitReadable(loop, listener), Outcome::Closed);
        ended = true;
      };
      if (i % 2) {
        post(waits);
        while (!begun)
          loop.yield();
      }
      loop.closing(listener);
      ASSERT_EQ(real::close(listener), 0);
      while (begun && !ended)
        loop.yield();
    }
    loop.quit();
  };
  post(job);
  loop.run();
}

// Of two jobs whose descriptors become ready together, the one that runs first closes the other's: that one must not
// try its call on what the number stands for next.
TEST_P(LoopTest, ClosingReachesJobsThatAreAboutToTryAgain) {
  Pipe pipes[2];
  Outcome outcomes[2] = {Outcome::Pending, Outcome::Pending};
  int ended = 0;
  auto waits = [&](int own) {
    outcomes[own] = awaitReadable(loop, pipes[own].ends[0]);
    if (outcomes[1 - own] == Outcome::Pending)
      loop.closing(pipes[1 - own].ends[0]);
    if (++ended == 2)
      loop.quit();
  };
  auto first = [&] { waits(0); };
  auto second = [&] { waits(1); };
  auto writes = [&] {
    EXPECT_EQ(write(pipes[0].ends[1], "x", 1), 1);
    EXPECT_EQ(write(pipes[1].ends[1], "x", 1), 1);
  };
  post(first);
  post(second);
  post(writes);
  loop.run();
  EXPECT_EQ(outcomes[0] == Outcome::Closed, outcomes[1] != Outcome::Closed);
}

// When the system gives no more stacks, jobs wait for those that others leave, and none is lost.
TEST_P(LoopTest, WithoutStacksJobsWait) {
  constexpr int kJobs = 100;
  int running = 0, most = 0, ended = 0;
  auto job = [&] {
    most = std::max(most, ++running);
    EXPECT_EQ(loop.await(nullptr, 0, 1), Outcome::TimedOut);
    --running;
    if (++ended == kJobs)
      loop.quit();
  };
  for (int i = 0; i < kJobs; ++i)
    post(job);
  stacksLeft = 3;
  loop.run();
  stacksLeft = INT_MAX;
  EXPECT_EQ(ended, kJobs);
  // The loop began with two, and one of the five is left to carry on.
  EXPECT_EQ(most, 4);
}

// Without the first ones there is no loop.
TEST(LoopStartTest, WithoutStacks) {
  Loop loop;
  stacksLeft = 1;
  EXPECT_FALSE(loop.open(Io::Epoll, 128 * 1024, 10, [](void *) {}, nullptr));
  EXPECT_EQ(errno, ENOMEM);
  stacksLeft = INT_MAX;
  loop.close();
}

// A loop that has nothing to do gives back the fibers of its busiest time.
TEST_P(LoopTest, TrimsWhenIdle) {
  auto blocks = [&] { EXPECT_EQ(loop.await(nullptr, 0, 1), Outcome::TimedOut); };
  std::atomic<bool> peaked{false};
  auto looks = [&] { peaked = loop.figures().fibers >= 200; };
  for (int i = 0; i < 200; ++i)
    post(blocks);
  post(looks);
  std::thread watcher([&] {
    while (!peaked || loop.figures().fibers > 40)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    loop.quit();
  });
  loop.run();
  watcher.join();
}

// A thread of the program's own may close descriptors while loops come and go.
TEST_P(LoopTest, StrangersCloseWhileLoopsEnd) {
  std::atomic<bool> done{false};
  std::atomic<int> closed{0};
  std::thread stranger([&] {
    for (; !done; ++closed)
      close(dup(STDIN_FILENO));
  });
  for (int rounds = 0; rounds < 200 || closed < 200; ++rounds) {
    auto *shortLived = new Loop();
    EXPECT_TRUE(shortLived->open(GetParam(), 128 * 1024, 16, [](void *) {}, nullptr));
    shortLived->close();
    delete shortLived;
  }
  done = true;
  stranger.join();
}

INSTANTIATE_TEST_SUITE_P(Io, LoopTest, flux_test::everyIo(), flux_test::nameOfIo);

} // namespace
