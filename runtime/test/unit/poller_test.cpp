/// poller_test.cpp - which of epoll and io_uring a server gets.
#include "poll/poller_choice.h"

#include <gtest/gtest.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

using namespace flux;

namespace {

/// Makes io_uring_setup() fail with `error` from here on, as containers and kernel.io_uring_disabled do.
void forbidRings(int error) {
  sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
                          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
                          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit(2);
}

/// Ends the process with what a server chooses that is asked for `value`: 10 epoll, 11 io_uring, 1 nothing.
[[noreturn]] void endWithChoice(const char *value) {
  ioAsked = value;
  Io io;
  _exit(chooseIo(io) ? 10 + (io == Io::Ring) : 1);
}

bool systemHasRings() {
  Poller *poller = createPoller(Io::Ring);
  const bool opened = poller->open();
  poller->close();
  destroyPoller(poller);
  return opened;
}

class PollerDeathTest : public testing::Test {
protected:
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

// Where io_uring is forbidden or unknown the server runs on epoll.
TEST_F(PollerDeathTest, AutoTakesEpollWithoutRings) {
  for (int error : {EPERM, ENOSYS, EINVAL, ENOMEM})
    EXPECT_EXIT((forbidRings(error), endWithChoice("auto")), testing::ExitedWithCode(10), "^$");
}

// An operator that asks for one gets it or is told why not.
TEST_F(PollerDeathTest, RingsThatAreAskedFor) {
  EXPECT_EXIT((forbidRings(EPERM), endWithChoice("io_uring")), testing::ExitedWithCode(1),
              "cannot use io_uring: Operation not permitted; --flux-io=auto uses epoll then");
  if (systemHasRings())
    EXPECT_EXIT(endWithChoice("io_uring"), testing::ExitedWithCode(11), "^$");
}

TEST_F(PollerDeathTest, EpollIsAlwaysThere) {
  EXPECT_EXIT(endWithChoice("epoll"), testing::ExitedWithCode(10), "^$");
  EXPECT_EXIT((forbidRings(EPERM), endWithChoice("epoll")), testing::ExitedWithCode(10), "^$");
}

} // namespace
