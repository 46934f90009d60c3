/// stall_detector.h - reports what holds an event loop for too long.
#ifndef FLUX_LOOP_STALL_DETECTOR_H
#define FLUX_LOOP_STALL_DETECTOR_H

#include "core/server/options.h"
#include "fiber/activity.h"

#include <pthread.h>
#include <signal.h>

namespace flux {

/// A thread that watches one loop. When the loop has done nothing but the same job for --flux-stall-ms, one message
/// says which node that is, where it stands in the .flux file, for how long, how much of that on the processor (the
/// rest it waits), and which calls it is in. Messages are limited in rate; the count is not.
///
/// The loop's thread tells all that itself, in a signal handler on a stack of its own: the stacks of flows are small. A
/// thread that is in a call that takes no signals (a disk, mostly) tells it behind that call; when that takes more than
/// a second, another message comes first. While the loop sleeps, so does the detector.
class StallDetector {
public:
  /// Begins to watch the calling thread, which is the loop's and has a signal stack from startThread(). `activity` is
  /// the loop's, too. What fails is logged, and the loop goes unwatched. Nothing happens if --flux-stall-ms is 0.
  void start(Activity &activity);

  /// Ends it. On the same thread, behind the loop. No stall is reported after that.
  void stop();

  /// How often the loop has been held for too long; a stall counts when it has been reported. Any thread.
  uint64_t count() const { return stalls.load(std::memory_order_relaxed); }

private:
  enum class State : uint32_t { Watching, Asked, Answering, Answered };
  static constexpr int kFrames = 48;

  static void *enter(void *detector);
  static void onSignal(int signal, siginfo_t *info, void *machine);
  bool prepareSignal();
  void watch();
  void report();
  void noteReported();
  void answer(const void *where);
  bool awaitAnswer();
  void print();

  Activity *loop = nullptr;
  pthread_t thread, loopThread;
  clockid_t loopClock;
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> stalls{0}; // relaxed: a figure; the detector's thread alone writes it

  // Since the loop was last seen to begin something. The detector's.
  uint64_t sinceNs = 0;
  uint64_t sinceCpuNs = 0;
  bool reported = false;

  // What the loop's thread tells, from Answering to Answered.
  std::atomic<State> state{State::Watching};
  void *frames[kFrames];
  int numFrames = 0;
  const void *interruptedAt = nullptr;
  int32_t node = 0;
};

/// What --flux-stall-ms says, an option of the models with event loops.
extern int64_t stallMs;
constexpr Option stallOption = {
    "stall-ms", "MS", "report what holds the event loop for so long; 0: nothing", &stallMs, 0, 86400000, nullptr};

} // namespace flux

#endif // FLUX_LOOP_STALL_DETECTOR_H
