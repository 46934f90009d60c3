/// process_server_test.cpp - the life and the deaths of workers, in whole servers. Each case runs in a child ("death
/// test"), as in server_test.cpp; what the workers do is counted in memory that they share.
#include "core/counters.h"
#include "core/os/clock.h"
#include "core/server/server.h"
#include "flux/flux.h"
#include "support.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace flux_test;

namespace {

/// What is known of a case, in whichever process.
struct Ground {
  std::atomic<int> calls{0}, begun{0}, ended{0}, deaths{0};
  std::atomic<int> worker{0};     // the process of interest
  std::atomic<int> supervisor{0}; // its parent
  std::atomic<bool> flag{false};
};
Ground &ground = makeShared<Ground>();

/// Which call of the source this process has made last, counted over all processes.
int ownCall = 0;

int32_t (*pollSource)(int *input);
void (*runNode)(flux_ir_context *cx, int input);

int32_t poll(flux_ir_context *, void *input, int64_t *) {
  ownCall = ++ground.calls;
  return pollSource(static_cast<int *>(input));
}

void run(flux_ir_context *cx, void *input) {
  ++ground.begun;
  runNode(cx, *static_cast<int *>(input));
  ++ground.ended;
}

int serveTest(std::vector<std::string> arguments) {
  static const flux_ir_source source = {"Source", "F", sizeof(int), alignof(int), poll, run};
  static flux_ir_program_t program = testProgram;
  program.num_sources = 1;
  program.sources = &source;
  ground.supervisor = getpid();
  arguments.insert(arguments.begin(), "server");
  std::vector<char *> argv;
  for (std::string &argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  return flux::serve(program, flux::processModel, static_cast<int>(arguments.size()), argv.data());
}

/// Ends the child with the server's status, or with 99 if `condition` does not hold when the server has ended.
#define FINISH(STATUS, CONDITION)                                                                                      \
  do {                                                                                                                 \
    const int finalStatus = STATUS;                                                                                    \
    if (!(CONDITION))                                                                                                  \
      fprintf(stderr, "not so: %s\n", #CONDITION);                                                                     \
    exit((CONDITION) ? finalStatus : 99);                                                                              \
  } while (false)

struct ProcessServerTest : testing::Test {
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

const auto kExits0 = testing::ExitedWithCode(0);

void takeAndRelease(flux_ir_context *cx, int32_t lock) {
  flux_ir_acquire(cx, lock, FLUX_IR_WRITE);
  flux_ir_release(cx, lock);
}

// A worker that is killed while it holds constraints is replaced, and they go to the workers that wait for them.
TEST_F(ProcessServerTest, AKilledWorkerGivesItsConstraintsBack) {
  pollSource = [](int *input) { return (*input = ground.begun) < 500 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int input) {
    flux_ir_acquire(cx, kLockX, FLUX_IR_WRITE);
    cx->session = 7;
    flux_ir_acquire(cx, kSessionS, FLUX_IR_READ);
    if (input % 50 == 49 && ++ground.deaths)
      kill(getpid(), SIGKILL);
    flux_ir_release(cx, kSessionS);
    flux_ir_release(cx, kLockX);
  };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=4", "--flux-restart-ms=1"}),
                     ground.deaths > 0 && ground.ended + ground.deaths == ground.begun && ground.begun >= 500 &&
                         flux::runtime.model->locks->liveSessions() == 0),
              kExits0, "was killed by signal 9");
}

// What dead workers have counted stays counted, and their flows are lost, neither done nor in flight.
TEST_F(ProcessServerTest, CountersOutliveWorkers) {
  pollSource = [](int *) { return ownCall <= 20 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *, int) {
    if (ground.begun % 5 == 0 && ++ground.deaths)
      raise(SIGKILL);
  };
  EXPECT_EXIT(
      {
        const int status = serveTest({"--flux-workers=1", "--flux-restart-ms=1"});
        flux_ir_counters functions[kNumFunctions] = {};
        flux::LockCounters locks[kNumLocks] = {};
        flux::SourceCounters source = {};
        flux::Counters total = {};
        total.functions = functions;
        total.locks = locks;
        total.sources = &source;
        flux::sumCounters(total);
        FINISH(status, ground.deaths == 4 && source.flows == 20 && source.lost == 4 && source.times.count() == 16 &&
                           source.begun == 5 && source.ended == 5);
      },
      kExits0, "");
}

// A worker that is forked while another thread of the supervisor makes a snapshot can make its own.
TEST_F(ProcessServerTest, ForksBesideSnapshots) {
  if (kUnderTsan)
    GTEST_SKIP() << "ThreadSanitizer ends what starts threads behind a fork() beside threads";
  static std::atomic<bool> isOver{false};
  pollSource = [](int *) { return ownCall <= 20 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *, int) {
    if (flux_snapshot(nullptr, 0) <= 0)
      _exit(98);
    if (ground.begun % 2 == 0 && ++ground.deaths)
      kill(getpid(), SIGKILL);
  };
  EXPECT_EXIT(
      {
        std::thread asker([] {
          char text[512];
          while (!isOver)
            flux_snapshot(text, sizeof text);
        });
        const int status = serveTest({"--flux-workers=1", "--flux-restart-ms=1"});
        isOver = true;
        asker.join();
        FINISH(status, ground.deaths == 10);
      },
      kExits0, "");
}

// Signals of a crash are named, and a worker that dies at once, again and again, is waited for longer and longer.
TEST_F(ProcessServerTest, CrashesAreReported) {
  pollSource = [](int *) -> int32_t {
    if (ground.deaths == 4)
      return FLUX_STOP;
    ++ground.deaths;
    // Not raise(): a sanitizer would make an exit of it.
    signal(SIGSEGV, SIG_DFL);
    kill(getpid(), SIGSEGV);
    for (;;)
      pause();
  };
  const auto longEnough = [] {
    const uint64_t start = flux::nowNs();
    const int status = serveTest({"--flux-workers=1"});
    // 100 + 200 + 400 + 800 ms are the least that is waited.
    FINISH(status, ground.deaths == 4 && flux::nowNs() - start >= 1500 * flux::kNsPerMs);
  };
  EXPECT_EXIT(longEnough(), kExits0, "was killed by signal 11 \\(Segmentation fault\\)");
}

// A worker whose sources have ended is not replaced; the server goes on until the last has.
TEST_F(ProcessServerTest, FinishedWorkersAreNotReplaced) {
  pollSource = [](int *) -> int32_t { return FLUX_STOP; };
  runNode = [](flux_ir_context *, int) {};
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=5"}), ground.calls == 5), kExits0, "");
}

// A node that calls exit() ends the server with that status, after the others have drained.
TEST_F(ProcessServerTest, ExitOfANodeIsTheServers) {
  pollSource = [](int *input) { return (*input = ownCall) <= 3 ? 0 : 1; };
  runNode = [](flux_ir_context *, int input) {
    if (input == 3)
      exit(5);
    waitUntil([] { return flux_stopping(); });
  };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=3"}), ground.ended == 2), testing::ExitedWithCode(5),
              "ended the server by exit\\(5\\)");
}

// A stop reaches all, whichever process asks for it, and flows in flight end.
TEST_F(ProcessServerTest, StopReachesAllWorkers) {
  pollSource = [](int *) { return ownCall <= 3 ? 0 : 1; };
  runNode = [](flux_ir_context *, int) {
    if (ground.begun == 3)
      flux_stop();
    waitUntil([] { return flux_stopping(); });
  };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=3"}), ground.ended == 3), kExits0, "");
}

// The signals that interrupt sources at a stop do not interrupt flows, which run on the sources' threads.
TEST_F(ProcessServerTest, FlowsAreNotInterrupted) {
  pollSource = [](int *) { return ownCall == 1 ? 0 : 1; };
  runNode = [](flux_ir_context *, int) {
    flux_stop();
    timespec tenth = {0, 100'000'000};
    if (nanosleep(&tenth, nullptr) != 0)
      _exit(98);
  };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=1"}), ground.ended == 1), kExits0, "");
}

// A worker that has been stopped by a signal cannot drain: it is killed when its time is over, and the server ends.
TEST_F(ProcessServerTest, AStoppedWorkerDoesNotKeepTheServer) {
  pollSource = [](int *) -> int32_t {
    if (ownCall == 1)
      raise(SIGSTOP);
    waitUntil([] { return ground.calls == 2; });
    flux_stop();
    return 1;
  };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=2", "--flux-drain-ms=10"}), ground.calls == 2), kExits0,
              "did not end in time and was killed");
}

// One that is continued goes on as if nothing had been.
TEST_F(ProcessServerTest, AStoppedWorkerIsContinued) {
  pollSource = [](int *) {
    if (ownCall == 1) {
      ground.worker = getpid();
      raise(SIGSTOP);
      ground.flag = true;
    } else if (!ground.flag) {
      waitUntil([] { return ground.worker != 0; });
      kill(ground.worker, SIGCONT); // again and again: the first may come before it has stopped
    }
    return ownCall < 300 || !ground.flag ? 0 : FLUX_STOP;
  };
  runNode = [](flux_ir_context *cx, int) { takeAndRelease(cx, kLockX); };
  EXPECT_EXIT(FINISH(serveTest({"--flux-workers=2"}), ground.ended == ground.begun && ground.deaths == 0), kExits0, "");
}

// Under ThreadSanitizer the supervisor has a second thread, which outlives its own by a moment in which the workers
// have their signal and still their parent.
const char *const kSaysWhy = kUnderTsan ? "" : "has stopped, because its supervisor has died";

// When the supervisor is killed, the workers end what they do, and say why.
TEST_F(ProcessServerTest, WorkersEndWithTheirSupervisor) {
  pollSource = [](int *) { return ownCall <= 2 ? 0 : 1; };
  runNode = [](flux_ir_context *, int) {
    if (ground.begun == 2)
      kill(ground.supervisor, SIGKILL);
    waitUntil([] { return flux_stopping(); });
  };
  EXPECT_EXIT(
      {
        // The test takes the orphans over, to see how they end.
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        if (const pid_t server = fork()) {
          int how = 0;
          int failed = 0;
          waitpid(server, &how, 0);
          while (wait(&how) > 0)
            failed += how != 0;
          FINISH(0, failed == 0 && ground.ended == 2);
        }
        exit(serveTest({"--flux-workers=2"}));
      },
      kExits0, kSaysWhy);
}

// The second signal to the supervisor ends all at once.
TEST_F(ProcessServerTest, TheSecondSignalEndsAll) {
  pollSource = [](int *) { return ownCall <= 2 ? 0 : 1; };
  runNode = [](flux_ir_context *, int) {
    if (ground.begun == 2) {
      kill(ground.supervisor, SIGTERM);
      waitUntil([] { return flux_stopping(); });
      kill(ground.supervisor, SIGINT);
    }
    for (;;)
      pause();
  };
  EXPECT_EXIT(exit(serveTest({"--flux-workers=2"})), testing::ExitedWithCode(128 + SIGINT), "");
}

} // namespace
