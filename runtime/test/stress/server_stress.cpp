/// server_stress.cpp - whole servers under more flows, sources and signals than they will meet, and while the system
/// refuses threads.
#include "core/server/server.h"
#include "core/server/snapshot.h"
#include "flux/flux.h"
#include "support.h"

#include <gtest/gtest.h>

#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include <vector>

using namespace flux_test;

// How many of the next thread creations of the runtime fail; linked by --wrap.
static std::atomic<int> refusals{0};
static std::atomic<bool> awaitRefusal{false};
static std::atomic<int> refused{0};
static std::atomic<int> created{0};

extern "C" int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
extern "C" int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                                     void *argument) {
  // Some are let through: a pool without any worker does not start.
  if (++created > 4 && refusals > 0) {
    --refusals;
    ++refused;
    return EAGAIN;
  }
  return __real_pthread_create(thread, attributes, body, argument);
}

namespace {

constexpr int kSources = 3;
constexpr int kFlowsPerSource = 5000;

/// How many processes call the sources, where there are several.
constexpr int kWorkers = 3;

/// What happens, in whichever process.
struct Ground {
  std::atomic<int> produced{0}, ended{0}, sourcesRunning{0};
  std::atomic<int> stopAt{INT_MAX}; // how many flows are produced before somebody sends SIGTERM
  std::atomic<bool> stopped{false};
  long guarded = 0;
  long bySession[4] = {};
};
Ground &ground = makeShared<Ground>();

int32_t pollNumbers(flux_ir_context *cx, void *input, int64_t *session) {
  // One counter block per source: its own context tells the sources apart.
  uint64_t &calls = cx->counters[kFlowF].calls;
  const uint64_t call = calls;
  flux::bump(calls);
  if (call == 0 && ++ground.sourcesRunning == kSources && awaitRefusal && refused == 0)
    refusals = 5;
  if (call >= kFlowsPerSource)
    return FLUX_STOP;
  if (call % 7 == 3)
    flux_ir_acquire(cx, kLockY, FLUX_IR_READ), flux_ir_release(cx, kLockY);
  if (call % 500 == 0)
    kill(getpid(), SIGUSR1);
  *static_cast<int *>(input) = static_cast<int>(call);
  *session = *static_cast<int *>(input) % 4;
  if (++ground.produced > ground.stopAt && !ground.stopped.exchange(true))
    kill(getpid(), SIGTERM);
  return 0;
}

void runFlow(flux_ir_context *cx, void *input) {
  const int number = *static_cast<int *>(input);
  // From when refusals begin, flows stay until there are more of them than threads.
  waitUntil([] { return !awaitRefusal || ground.sourcesRunning < kSources || refused > 0; });
  flux_ir_acquire(cx, kLockX, FLUX_IR_WRITE);
  ++ground.guarded;
  flux_ir_acquire(cx, kSessionS, FLUX_IR_WRITE);
  ++ground.bySession[flux_session()];
  if (number % 11 == 0) {
    flux_ir_fail(cx, kNodeA, 5);
    flux_ir_handled(cx);
  } else {
    flux_ir_release(cx, kSessionS);
    flux_ir_release(cx, kLockX);
  }
  ++ground.ended;
}

bool isReplicated = false; // every source

int serveNumbers(const flux::Model &model, std::vector<std::string> arguments) {
  const flux_ir_source source = {"Numbers", "F", sizeof(int), alignof(int), pollNumbers, runFlow, 1};
  const std::vector<flux_ir_source> sources(kSources, source);
  flux_ir_program_t program = testProgram;
  program.num_sources = sources.size();
  program.sources = sources.data();
  const std::vector<std::string> options = optionsFor(model);
  arguments.insert(arguments.begin(), options.begin(), options.end());
  arguments.insert(arguments.begin(), {"server", "--flux-snapshot=/dev/null"});
  std::vector<char *> argv;
  for (std::string &argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  setenv("FLUX_WORKERS", model.bit == FLUX_IR_MODEL_process ? std::to_string(kWorkers).c_str() : "", true);
  return flux::serve(program, model, static_cast<int>(arguments.size()), argv.data());
}

[[noreturn]] void finish(int status) {
  const long sessions = ground.bySession[0] + ground.bySession[1] + ground.bySession[2] + ground.bySession[3];
  const bool right = ground.ended == ground.produced && ground.guarded == ground.ended && sessions == ground.ended;
  if (!right)
    fprintf(stderr, "produced %d, ended %d, guarded %ld, sessions %ld\n", ground.produced.load(), ground.ended.load(),
            ground.guarded, sessions);
  exit(right ? status : 99);
}

struct ServerStressTest : testing::TestWithParam<const flux::Model *> {
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

// Everything that is produced runs exactly once, snapshots being taken meanwhile.
TEST_P(ServerStressTest, ManySources) {
  EXPECT_EXIT(
      {
        const int status = serveNumbers(*GetParam(), {});
        const int workers = GetParam()->bit == FLUX_IR_MODEL_process ? kWorkers : 1;
        if (ground.produced != workers * kSources * kFlowsPerSource)
          exit(98);
        finish(status);
      },
      testing::ExitedWithCode(0), "");
}

// The same with hardly any room.
TEST_P(ServerStressTest, LittleRoom) {
  const bool pool = GetParam()->bit == FLUX_IR_MODEL_pool;
  const bool process = GetParam()->bit == FLUX_IR_MODEL_process;
  const std::vector<std::string> options = pool      ? std::vector<std::string>{"--flux-workers=2", "--flux-queue=1"}
                                           : process ? std::vector<std::string>{"--flux-workers=1"}
                                                     : std::vector<std::string>{"--flux-max-flows=2"};
  EXPECT_EXIT(finish(serveNumbers(*GetParam(), options)), testing::ExitedWithCode(0), "");
}

// Threads that do not wait for another flow, or hardly: they retire while they are claimed.
TEST(ThreadModelStressTest, ThreadsComeAndGo) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  for (const char *idle : {"--flux-idle-ms=0", "--flux-idle-ms=1"})
    EXPECT_EXIT(finish(serveNumbers(flux::threadModel, {idle, "--flux-max-flows=8"})), testing::ExitedWithCode(0), "")
        << idle;
}

// A stop in the middle: what was produced by then runs.
TEST_P(ServerStressTest, StopInTheMiddle) {
  EXPECT_EXIT(
      {
        ground.stopAt = 2000;
        finish(serveNumbers(*GetParam(), {}));
      },
      testing::ExitedWithCode(0), "");
}

// Every loop runs every source; with hardly any room, too.
TEST(PercoreStressTest, ReplicatedSources) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  for (const char *room : {"--flux-max-flows=300", "--flux-max-flows=2"})
    EXPECT_EXIT(
        {
          isReplicated = true;
          const int status = serveNumbers(flux::percoreModel, {room});
          if (ground.produced != 3 * kSources * kFlowsPerSource)
            exit(98);
          finish(status);
        },
        testing::ExitedWithCode(0), "")
        << room;
}

/// The models that run flows on threads.
using ThreadsStressTest = ServerStressTest;

// The system refuses threads for a while: flows wait, none is lost.
TEST_P(ThreadsStressTest, RefusedThreads) {
  EXPECT_EXIT(
      {
        // A pool starts its workers first and stops asking after the first refusal; for the other model, refusals begin
        // when the sources have their threads.
        refusals = GetParam()->bit == FLUX_IR_MODEL_pool ? 1 : 0;
        awaitRefusal = true;
        finish(serveNumbers(*GetParam(), {}));
      },
      testing::ExitedWithCode(0), "the system gives no more threads|workers could be started");
}

INSTANTIATE_TEST_SUITE_P(Models, ThreadsStressTest, testing::Values(&flux::threadModel, &flux::poolModel),
                         [](const auto &info) { return std::string(info.param->name); });
INSTANTIATE_TEST_SUITE_P(Models, ServerStressTest, testing::ValuesIn(allModels),
                         [](const auto &info) { return std::string(info.param->name); });

} // namespace

extern "C" int flux_init(int, char **) { return isReplicated && flux_replicate(nullptr) < 1; }
