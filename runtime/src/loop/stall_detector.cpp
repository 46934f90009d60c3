#include "loop/stall_detector.h"

#include "core/context.h"
#include "core/functions.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/os/os_thread.h"
#include "core/runtime.h"

#include <errno.h>
#include <execinfo.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

namespace flux {

int64_t stallMs = 100;

namespace {

/// A signal that Linux has never sent and nobody has a use for; where there is none, the one of a failing power supply.
#ifdef SIGSTKFLT
constexpr int kStallSignal = SIGSTKFLT;
#else
constexpr int kStallSignal = SIGPWR;
#endif

/// The loop is looked at so often within --flux-stall-ms. A pause that takes longer than asked for counts as one, so a
/// process that was stopped and continued, or a machine that slept, is no stall.
constexpr unsigned kLooks = 4;

constexpr uint64_t kPatienceNs = kNsPerSecond;

thread_local StallDetector *detectorOfThread = nullptr;

const void *interruptedInstruction([[maybe_unused]] const void *machine) {
#if defined(__x86_64__)
  // A register is an integer. NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<const void *>(static_cast<const ucontext_t *>(machine)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void *>(static_cast<const ucontext_t *>(machine)->uc_mcontext.pc);
#else
  return nullptr;
#endif
}

} // namespace

bool StallDetector::prepareSignal() {
  // Loads the unwinder now, since a signal handler must not.
  void *here[1];
  backtrace(here, 1);
  struct sigaction action = {};
  action.sa_sigaction = onSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  return sigaction(kStallSignal, &action, nullptr) == 0;
}

void StallDetector::start(Activity &activity) {
  if (stallMs == 0)
    return;
  loop = &activity;
  loopThread = pthread_self();
  loopClock = cpuClock();
  detectorOfThread = this;
  const int error = prepareSignal() ? startThread(thread, enter, this) : errno;
  if (error == 0)
    return;
  logMessage("cannot watch for what holds the event loop: %s", strerror(error));
  loop = nullptr;
}

void StallDetector::stop() {
  if (loop) {
    // Relaxed: the interruption orders it.
    stopping.store(true, std::memory_order_relaxed);
    loop->interrupt();
    pthread_join(thread, nullptr);
  }
  detectorOfThread = nullptr;
}

void *StallDetector::enter(void *detector) {
  pthread_setname_np(pthread_self(), "flux-stalls");
  static_cast<StallDetector *>(detector)->watch();
  return nullptr;
}

void StallDetector::watch() {
  const uint64_t limit = static_cast<uint64_t>(stallMs) * kNsPerMs;
  uint64_t seen = UINT64_MAX;
  unsigned looks = 0; // at the same state of the loop, behind the first
  while (!stopping.load(std::memory_order_relaxed)) {
    const uint64_t now = loop->look();
    if (now != seen) {
      seen = now;
      looks = 0;
      reported = false;
      sinceNs = nowNs();
      sinceCpuNs = nowNs(loopClock);
    } else if (++looks >= kLooks && !reported && !Activity::isAsleep(now) && nowNs() - sinceNs >= limit) {
      report();
    }
    // Not at first sight: a busy loop sleeps for moments, too, and would have to wake us behind each of them.
    if (Activity::isAsleep(now) && looks > 0)
      loop->awaitWaking();
    else
      loop->pause(limit / kLooks);
  }
}

void StallDetector::noteReported() {
  if (!reported)
    stalls.store(stalls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  reported = true;
}

void StallDetector::report() {
  static RateLimit limit;
  uint64_t suppressed;
  if (!limit.admit(suppressed))
    return noteReported();
  // Release: hands over what the answer is written to.
  state.store(State::Asked, std::memory_order_release);
  if (pthread_kill(loopThread, kStallSignal) == 0 && awaitAnswer())
    print();
  if (suppressed)
    logMessage("%llu more such reports were left out", static_cast<unsigned long long>(suppressed));
  noteReported();
}

/// Waits for the loop's thread to tell. False if the loop ends meanwhile.
bool StallDetector::awaitAnswer() {
  const uint64_t impatient = nowNs() + kPatienceNs;
  // Acquire: what the answer says is there.
  while (state.load(std::memory_order_acquire) != State::Answered) {
    if (stopping.load(std::memory_order_relaxed))
      return false;
    const uint64_t now = nowNs();
    if (now >= impatient && !reported) {
      logMessage("a system call that takes no signals has held the event loop for %llu ms",
                 static_cast<unsigned long long>((now - sinceNs) / kNsPerMs));
      noteReported();
    }
    loop->pause(reported ? kNever : impatient - now);
  }
  return true;
}

void StallDetector::onSignal(int, siginfo_t *, void *machine) {
  const int saved = errno;
  if (StallDetector *detector = detectorOfThread)
    detector->answer(interruptedInstruction(machine));
  errno = saved;
}

void StallDetector::answer(const void *where) {
  State asked = State::Asked;
  // Acquire: pairs with report().
  if (!state.compare_exchange_strong(asked, State::Answering, std::memory_order_acquire, std::memory_order_relaxed))
    return;
  const Context *context = currentContext();
  node = context ? __atomic_load_n(&context->head.node, __ATOMIC_RELAXED) : FLUX_IR_NO_NODE;
  interruptedAt = where;
  numFrames = backtrace(frames, kFrames);
  // Release: pairs with awaitAnswer().
  state.store(State::Answered, std::memory_order_release);
  loop->interrupt();
}

void StallDetector::print() {
  const auto heldMs = static_cast<unsigned long long>((nowNs() - sinceNs) / kNsPerMs);
  const auto cpuMs = static_cast<unsigned long long>((nowNs(loopClock) - sinceCpuNs) / kNsPerMs);
  if (const flux_ir_function *function = findFunction(node)) {
    logMessage("%s '%s' (%s:%u) has held the event loop for %llu ms, %llu of them on the processor; it is in",
               kindName(*function), function->name, function->file, function->line, heldMs, cpuMs);
  } else {
    logMessage(
        "something outside of nodes has held the event loop for %llu ms, %llu of them on the processor; it is in",
        heldMs, cpuMs);
  }
  // Above the interrupted function stand the handler and its helpers.
  int first = 0;
  while (first < numFrames && frames[first] != interruptedAt)
    ++first;
  first = first < numFrames ? first : 0;
  backtrace_symbols_fd(frames + first, numFrames - first, STDERR_FILENO);
}

} // namespace flux
