/// file_close_stress.cpp - descriptors of files that are replaced while calls on them wait for helpers, or are made by
/// them: each call works on its own file or fails, and no byte of one file reaches another. Meant for ThreadSanitizer,
/// too.
#include "core/os/real.h"
#include "io_parameter.h"
#include "loop/loop.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "support.h"

#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <string.h>
#include <sys/mman.h>

using namespace flux;
using namespace flux_test;

namespace {

constexpr int kLoops = 2, kThreads = 2, kHelpers = 2;
constexpr int kVictimsPerLoop = 12;
constexpr int kRounds = kSanitized ? 20 : 100; // of each victim
constexpr size_t kSize = 4096;

/// What a file is full of: a byte for the files that calls are meant for, another one for those that replace them.
constexpr char kOld = 'o', kNew = 'n', kWritten = 'w';

int makeFile(char content) {
  const int fd = memfd_create("file", MFD_CLOEXEC);
  EXPECT_GE(fd, 0);
  const std::string text(kSize, content);
  EXPECT_EQ(real::pwrite(fd, text.data(), kSize, 0), static_cast<ssize_t>(kSize));
  return fd;
}

/// Whether the file has this content and none of it has been taken by its position.
bool isUntouched(int fd, char content) {
  std::string text(kSize, '\0');
  return real::pread(fd, text.data(), kSize, 0) == static_cast<ssize_t>(kSize) && text == std::string(kSize, content) &&
         lseek(fd, 0, SEEK_CUR) == 0;
}

/// A call that is to be raced with.
struct Victim {
  int fd = -1;
  std::atomic<bool> hasReturned{false};
  std::atomic<bool> isReplaced{false};
};

std::mutex mutex;
std::deque<Victim *> waiting; // guarded by it
std::atomic<int> victimsLeft{0};
std::atomic<int> numRefused{0};

/// Puts another file at the number of a victim, and looks whether it stays as it was.
void replace(Victim &victim, bool byClosing) {
  int fresh = makeFile(kNew);
  if (byClosing) {
    // Somebody else may get the number; then that file is another one, too.
    EXPECT_EQ(close(victim.fd), 0);
  } else {
    EXPECT_EQ(dup2(fresh, victim.fd), victim.fd);
  }
  waitUntil([&] { return victim.hasReturned.load(); });
  EXPECT_TRUE(isUntouched(fresh, kNew));
  EXPECT_EQ(close(fresh), 0);
  if (!byClosing)
    EXPECT_EQ(close(victim.fd), 0);
  victim.isReplaced = true; // the last that is known of it
}

/// Waits until whoever has closed this number before has come back from that. A call that began earlier would wait for
/// it while others run, and would let those who close know of it before it is under way.
void awaitClosed(int fd) {
  for (Generation generation = 0; !generations.begin(fd, generation);)
    real::sched_yield();
}

void runCloser(unsigned how) {
  while (victimsLeft.load() > 0) {
    Victim *victim = nullptr;
    {
      const std::lock_guard<std::mutex> guard(mutex);
      if (!waiting.empty()) {
        victim = waiting.front();
        waiting.pop_front();
      }
    }
    if (victim)
      replace(*victim, how++ % 2);
    else
      real::sched_yield();
  }
}

/// One call of several kinds. What it has done to its own file is right, whatever it returns.
void callOn(int fd, int own, uint32_t kind) {
  std::string text(kSize, kWritten);
  const iovec part = {text.data(), kSize};
  const bool writes = kind % 6 < 4;
  ssize_t result;
  switch (kind % 6) {
  case 0:
    result = pwrite(fd, text.data(), kSize, 0);
    break;
  case 1:
    result = write(fd, text.data(), kSize);
    break;
  case 2:
    result = pwritev2(fd, &part, 1, 0, RWF_DSYNC);
    break;
  case 3:
    result = writev(fd, &part, 1);
    break;
  case 4:
    result = preadv2(fd, &part, 1, 0, RWF_HIPRI);
    break;
  default:
    result = read(fd, text.data(), kSize);
  }
  if (result < 0) {
    EXPECT_EQ(errno, EBADF);
    EXPECT_TRUE(isUntouched(own, kOld));
    ++numRefused;
    return;
  }
  EXPECT_EQ(result, static_cast<ssize_t>(kSize));
  if (!writes)
    EXPECT_EQ(text, std::string(kSize, kOld));
  else
    EXPECT_EQ(real::pread(own, text.data(), 1, 0), 1);
  EXPECT_EQ(text[0], writes ? kWritten : kOld);
}

/// A loop with its jobs. The last one lets those who close know of a call only when the call is under way: it has the
/// loop only while the others are parked.
struct Runner {
  Runner(Io io, uint32_t number) : number(number) {
    EXPECT_TRUE(loop.open(io, 256 * 1024, 64, [](void *) {}, nullptr));
    for (int i = 0; i < kVictimsPerLoop; ++i)
      post([](Runner &self) { self.runVictim(self.number++); });
    post([](Runner &self) { self.announce(); });
  }
  ~Runner() { loop.close(); }
  Runner(const Runner &) = delete;
  Runner &operator=(const Runner &) = delete;

  void runVictim(uint32_t kind) {
    for (int i = 0; i < kRounds; ++i) {
      Victim victim;
      victim.fd = makeFile(kOld);
      awaitClosed(victim.fd);
      const int own = dup(victim.fd);
      begun.push_back(&victim);
      callOn(victim.fd, own, kind++);
      victim.hasReturned = true;
      while (!victim.isReplaced)
        usleep(50);
      EXPECT_EQ(close(own), 0);
    }
    --victims;
    victimsLeft.fetch_sub(1);
  }

  void announce() {
    while (victims > 0) {
      {
        const std::lock_guard<std::mutex> guard(mutex);
        waiting.insert(waiting.end(), begun.begin(), begun.end());
      }
      begun.clear();
      sched_yield();
    }
  }

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
  int victims = kVictimsPerLoop;
  std::vector<Victim *> begun; // and not announced
};

class FileCloseStress : public IoTest {};

TEST_P(FileCloseStress, NoByteReachesAnotherFile) {
  linkInterposedCalls();
  fileHelpers.open(kHelpers); // fewer than the calls, most of which wait for one
  victimsLeft = kLoops * kVictimsPerLoop;
  numRefused = 0;
  std::vector<std::unique_ptr<Runner>> runners;
  for (uint32_t i = 0; i < kLoops; ++i)
    runners.push_back(std::make_unique<Runner>(GetParam(), i * 100));
  std::vector<std::thread> threads;
  for (auto &runner : runners)
    threads.emplace_back([&runner] { runner->loop.run(); });
  for (unsigned i = 0; i < kThreads; ++i)
    threads.emplace_back([i] { runCloser(i); });
  for (std::thread &thread : threads)
    thread.join();
  fileHelpers.close();
  RecordProperty("refused", numRefused);
}

INSTANTIATE_TEST_SUITE_P(Io, FileCloseStress, everyIo(), nameOfIo);

} // namespace
