/// futex_test.cpp - signals reach threads that sleep, under sanitizers too.
#include "core/os/futex.h"
#include "support.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <signal.h>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>

using namespace flux_test;

namespace {

std::atomic<bool> handled{false};

/// What /proc says of a thread: 'S' when it sleeps.
char stateOf(pid_t thread) {
  std::stringstream text;
  text << std::ifstream("/proc/self/task/" + std::to_string(thread) + "/stat").rdbuf();
  const size_t nameEnd = text.str().rfind(')');
  return nameEnd == std::string::npos ? '?' : text.str()[nameEnd + 2];
}

// One signal only, handled as the server's are, so that the kernel lets the thread sleep on.
TEST(FutexTest, SleepersHandleSignals) {
  struct sigaction action = {};
  action.sa_handler = [](int) { handled.store(true, std::memory_order_relaxed); };
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(sigaction(SIGUSR2, &action, nullptr), 0);

  std::atomic<uint32_t> word{0};
  std::atomic<pid_t> id{0};
  std::thread sleeper([&] {
    id = gettid();
    flux::futexWait(word, 0, flux::FutexScope::Process);
  });
  waitUntil([&] { return id != 0 && stateOf(id) == 'S'; });
  pthread_kill(sleeper.native_handle(), SIGUSR2);
  waitUntil([] { return handled.load(std::memory_order_relaxed); });
  word = 1;
  flux::futexWakeOne(&word, flux::FutexScope::Process);
  sleeper.join();
}

} // namespace
