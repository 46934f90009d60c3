/// server_test.cpp - the life of a whole server, per model. A process serves once, so each case runs in a child
/// ("death test"), prints what it found wrong, and ends with the server's exit status.
#include "core/runtime.h"
#include "core/server/server.h"
#include "flux/flux.h"
#include "support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace flux_test;
using std::chrono::milliseconds;

namespace {

// What the case under test plugs into its one source.
int32_t (*pollSource)(int *input);
void (*runNode)(flux_ir_context *cx, int input);

/// What is counted, in whichever process it happens.
struct Counts {
  std::atomic<int> produced{0}, begun{0}, ended{0}, polls{0};
  std::atomic<int> claimed{0}; // for sources that are called by several workers at once
  std::atomic<bool> asked{false};
  int row = 0, longestRow = 0, rests = 0; // of one source
};
Counts &counts = makeShared<Counts>();
std::atomic<int> &produced = counts.produced, &begun = counts.begun, &ended = counts.ended, &polls = counts.polls;

/// Returns true the first time, wherever it is called.
bool first() { return !counts.asked.exchange(true); }

const flux_ir_function functions[kNumFunctions] = {{"A", "test.flux", 1, FLUX_IR_NODE, FLUX_IR_NONBLOCKING},
                                                   {"B\"\\\n", "test.flux", 2, FLUX_IR_NODE, FLUX_IR_GUARDED},
                                                   {"F", "test.flux", 3, FLUX_IR_FLOW}};
const flux_ir_lock locks[kNumLocks] = {{"x", 0, 0}, {"y", 0, 0}, {"s", 1, 0}, {"t", 1, 0}};

uint64_t programFlags = 0;

int32_t pollCounted(flux_ir_context *, void *input, int64_t *session) {
  ++polls;
  const int32_t status = pollSource(static_cast<int *>(input));
  *session = *static_cast<int *>(input);
  produced += status == 0;
  return status;
}

void runCounted(flux_ir_context *cx, void *input) {
  ++begun;
  runNode(cx, *static_cast<int *>(input));
  ++ended;
}

int serveTest(const flux::Model &model, std::vector<std::string> arguments = {}) {
  // In static memory: a server that abandons flows never returns to free it.
  static flux_ir_source source = {"Source", "F", sizeof(int), alignof(int), pollCounted, runCounted, 1};
  static flux_ir_program_t program = testProgram;
  program.functions = functions;
  program.locks = locks;
  program.flags = programFlags;
  program.num_sources = 1;
  program.sources = &source;
  static std::vector<std::string> kept;
  kept = optionsFor(model);
  kept.insert(kept.begin(), "server");
  kept.insert(kept.end(), arguments.begin(), arguments.end());
  static std::vector<char *> argv;
  for (std::string &argument : kept)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  setenv("FLUX_WORKERS", model.bit == FLUX_IR_MODEL_process ? "1" : "", true); // one calls the source, unless told so
  return flux::serve(program, model, static_cast<int>(kept.size()), argv.data());
}

/// Ends the child: with `status`, or with 99 if `right` does not hold.
[[noreturn]] void finish(int status, bool right, const char *what) {
  if (!right)
    fprintf(stderr, "not so: %s\n", what);
  exit(right ? status : 99);
}
// The status first: the server runs in it, and the condition speaks of what it did.
#define FINISH(STATUS, CONDITION)                                                                                      \
  do {                                                                                                                 \
    const int finalStatus = STATUS;                                                                                    \
    finish(finalStatus, CONDITION, #CONDITION);                                                                        \
  } while (false)

void pause(int ms) { std::this_thread::sleep_for(milliseconds(ms)); }

struct ServerTest : testing::TestWithParam<const flux::Model *> {
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
  const flux::Model &model() { return *GetParam(); }
  bool isPool() { return model().bit == FLUX_IR_MODEL_pool; }
  bool isProcess() { return model().bit == FLUX_IR_MODEL_process; }
  bool hasLoops() {
    const uint32_t bit = model().bit;
    return bit == FLUX_IR_MODEL_sped || bit == FLUX_IR_MODEL_amped || bit == FLUX_IR_MODEL_percore;
  }
  /// For models whose flows keep their worker: how many of them the test needs at once.
  std::vector<std::string> room(int flows) {
    if (!isProcess())
      return {};
    return {"--flux-workers=" + std::to_string(flows)};
  }
};

const auto kExits0 = testing::ExitedWithCode(0);

// When the source ends, everything it has produced is run before the server ends.
TEST_P(ServerTest, EndsWithItsSources) {
  pollSource = [](int *input) { return (*input = produced) < 1000 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *, int) { pause(1); };
  EXPECT_EXIT(FINISH(serveTest(model()), ended == 1000), kExits0, "");
}

// SIGTERM: the source stops, flows in flight and in the queue end, the exit status is 0.
TEST_P(ServerTest, TermDrains) {
  pollSource = [](int *input) {
    *input = produced;
    if (produced >= 20 && first())
      raise(SIGTERM);
    return produced < 30 ? 0 : 1;
  };
  runNode = [](flux_ir_context *, int) {
    waitUntil([] { return flux_stopping(); });
    pause(20);
  };
  EXPECT_EXIT(FINISH(serveTest(model(), room(24)), ended == produced && produced >= 20), kExits0, "");
}

// A source that asks about the stop is called until it says itself that it has ended.
TEST_P(ServerTest, SourcesThatAskWindDown) {
  pollSource = [](int *input) {
    *input = produced;
    if (produced == 10)
      raise(SIGTERM);
    return flux_stopping() && produced == 20 ? 1 : 0;
  };
  runNode = [](flux_ir_context *, int) {};
  EXPECT_EXIT(FINISH(serveTest(model()), ended == produced && produced == 20), kExits0, "");
}

// flux_stop() called by a node does what SIGTERM does, however often it is called.
TEST_P(ServerTest, StopFromANode) {
  pollSource = [](int *input) { return *input = 0; };
  runNode = [](flux_ir_context *, int) { flux_stop(); };
  EXPECT_EXIT(FINISH(serveTest(model()), ended == produced && produced > 0), kExits0, "");
}

// A source blocked in a system call is interrupted.
TEST_P(ServerTest, TermInterruptsABlockedSource) {
  pollSource = [](int *) -> int32_t {
    static int ends[2];
    if (pipe(ends) != 0)
      return FLUX_STOP;
    kill(getpid(), SIGTERM);
    char byte;
    const bool interrupted = read(ends[0], &byte, 1) < 0 && errno == EINTR;
    if (!interrupted)
      _exit(98);
    return 1;
  };
  EXPECT_EXIT(FINISH(serveTest(model()), polls == 1), kExits0, "");
}

// One that has blocked all signals cannot be, but what it produces is run.
TEST_P(ServerTest, TermMeetsASourceWithBlockedSignals) {
  if (hasLoops())
    GTEST_SKIP() << "a source that lets others run gets no signal";
  pollSource = [](int *) -> int32_t {
    sigset_t all, pending;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    flux_stop();
    do {
      pause(1);
      sigpending(&pending);
    } while (!sigismember(&pending, SIGURG));
    return 0;
  };
  runNode = [](flux_ir_context *, int) {};
  EXPECT_EXIT(FINISH(serveTest(model()), ended == 1), kExits0, "");
}

// One in a call that the event-driven models leave to another thread is interrupted, too.
TEST_P(ServerTest, TermInterruptsAWaitForChildren) {
  pollSource = [](int *) -> int32_t {
    const pid_t child = fork();
    if (child == 0)
      for (;;)
        ::pause();
    kill(getpid(), SIGTERM);
    const bool interrupted = wait(nullptr) < 0 && errno == EINTR;
    kill(child, SIGKILL);
    // A source is interrupted again and again.
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    if (!interrupted)
      _exit(98);
    return 1;
  };
  EXPECT_EXIT(FINISH(serveTest(model()), polls == 1), kExits0, "");
}

// Flows that do not end are abandoned after the limit, with a message; the exit status is still 0.
TEST_P(ServerTest, AbandonsFlowsAfterTheDrainLimit) {
  pollSource = [](int *input) {
    if (counts.claimed++ < 2)
      return *input = 0;
    waitUntil([] { return begun == 2; });
    flux_stop();
    return 1;
  };
  runNode = [](flux_ir_context *, int) { pause(1000000); };
  std::vector<std::string> options = room(3);
  options.push_back("--flux-drain-ms=50");
  EXPECT_EXIT(FINISH(serveTest(model(), options), isProcess()), kExits0,
              isProcess() ? "test: 1 flow did not end within 50 ms and was abandoned"
                          : "test: 2 flows did not end within 50 ms and were abandoned");
}

// So is a source that does not return.
TEST_P(ServerTest, AbandonsASourceAfterTheDrainLimit) {
  pollSource = [](int *) -> int32_t {
    flux_stop();
    for (;;)
      pause(1000);
  };
  // The process with the source is ended beside it, so that only a supervisor returns from this.
  EXPECT_EXIT(FINISH(serveTest(model(), {"--flux-drain-ms=50"}), isProcess()), kExits0,
              "source 'Source' did not return within 50 ms and was abandoned");
}

// A second signal does not wait for anything. It is sent until it arrives: ThreadSanitizer may lose one that the kernel
// gives to a thread that is just ending, the source's here.
TEST_P(ServerTest, SecondSignalEndsAtOnce) {
  pollSource = [](int *input) { return (*input = produced) == 0 ? 0 : 1; };
  runNode = [](flux_ir_context *, int) {
    kill(getpid(), SIGTERM);
    waitUntil([] { return flux_stopping(); });
    for (;;) {
      kill(getpid(), SIGINT);
      pause(10);
    }
  };
  EXPECT_EXIT(exit(serveTest(model())), testing::ExitedWithCode(128 + SIGINT), "");
}

// A pipe that nobody reads is an error to its writer, not the end of the server.
TEST_P(ServerTest, BrokenPipesAreErrors) {
  pollSource = [](int *) -> int32_t {
    int ends[2];
    if (pipe(ends) != 0)
      return FLUX_STOP;
    close(ends[0]);
    if (write(ends[1], "x", 1) >= 0 || errno != EPIPE)
      _exit(98);
    return FLUX_STOP;
  };
  EXPECT_EXIT(FINISH(serveTest(model()), polls == 1), kExits0, "");
}

// A program that a node starts finds the server's signals neither blocked nor ignored.
TEST_P(ServerTest, ChildrenInheritNoSignals) {
  pollSource = [](int *) -> int32_t {
    FILE *status = popen("cat /proc/self/status", "r");
    char line[256];
    int checked = 0;
    while (status && fgets(line, sizeof line, status)) {
      unsigned long long set = 0;
      if (sscanf(line, "SigBlk: %llx", &set) != 1 && sscanf(line, "SigIgn: %llx", &set) != 1)
        continue;
      ++checked;
      for (int signal : {SIGINT, SIGTERM, SIGUSR1, SIGPIPE, SIGURG})
        if ((set >> (signal - 1)) & 1)
          _exit(98);
    }
    if (checked != 2 || pclose(status) != 0)
      _exit(97);
    return FLUX_STOP;
  };
  EXPECT_EXIT(FINISH(serveTest(model()), polls == 1), kExits0, "");
}

// A source that fails at once, time after time, is called less and less often: no row of calls without a millisecond in
// between, be it a rest or the machine's load, is longer than it may be.
TEST_P(ServerTest, FailingSourceRests) {
  pollSource = [](int *) -> int32_t {
    using Clock = std::chrono::steady_clock;
    static Clock::time_point last;
    const Clock::time_point now = Clock::now();
    const bool rested = now - last >= milliseconds(1);
    counts.row = rested ? 1 : counts.row + 1;
    counts.longestRow = std::max(counts.longestRow, counts.row);
    counts.rests += rested;
    if (counts.rests == 10)
      flux_stop();
    last = now;
    return 7;
  };
  EXPECT_EXIT(FINISH(serveTest(model()), counts.longestRow <= 65 && counts.rests == 10), kExits0, "");
}

// The source waits while the model has as many flows as it may have.
TEST_P(ServerTest, BackPressure) {
  static int most;
  most = isPool() ? 2 + 3 : 2;
  pollSource = [](int *input) { return (*input = counts.claimed++) < 200 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *, int) {
    pause(1);
    // One more is in the hands of the waiting source.
    if (produced - ended > most + 1)
      _exit(98);
    if (begun - ended > 2)
      _exit(97);
  };
  const std::vector<std::string> options = isPool() ? std::vector<std::string>{"--flux-workers=2", "--flux-queue=3"}
                                           : isProcess() ? room(2)
                                                         : std::vector<std::string>{"--flux-max-flows=2"};
  EXPECT_EXIT(FINISH(serveTest(model(), options), ended == 200), kExits0, "");
}

// The session of a flow is what its source's session function says, also to the nodes.
TEST_P(ServerTest, Sessions) {
  pollSource = [](int *input) { return (*input = produced + 1) <= 100 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int input) {
    if (flux_session() != input || cx->session != input)
      _exit(98);
    flux_ir_acquire(cx, kSessionS, FLUX_IR_WRITE);
    flux_ir_release(cx, kSessionS);
  };
  EXPECT_EXIT(FINISH(serveTest(model()), ended == 100 && flux::runtime.model->locks->liveSessions() == 0), kExits0, "");
}

// Unhandled errors are counted all and shown some.
TEST_P(ServerTest, UnhandledErrorsAreShown) {
  pollSource = [](int *input) { return (*input = produced) < 500 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int input) {
    flux_ir_fail(cx, kNodeA, input % 2 ? 7 : FLUX_E_NOMATCH);
    input % 4 == 0 ? flux_ir_handled(cx) : flux_ir_unhandled(cx);
  };
  EXPECT_EXIT(
      {
        const int status = serveTest(model());
        flux_ir_counters functionTotals[kNumFunctions] = {};
        flux::LockCounters lockTotals[kNumLocks] = {};
        flux::SourceCounters sourceTotals[1] = {};
        flux::Counters total = {};
        total.functions = functionTotals;
        total.locks = lockTotals;
        total.sources = sourceTotals;
        flux::sumCounters(total);
        FINISH(status, total.handled == 125 && total.unhandled == 375 && functionTotals[kNodeA].errors == 500 &&
                           sourceTotals[0].times.count() == 500);
      },
      kExits0, "'A' \\(test.flux:1\\) failed with 7 \\(as errno: Argument list too long\\), and no handler takes it");
}

// A node that is left to the model and not declared blocking has nothing to gain from another thread.
TEST_P(ServerTest, RunsNodesWhereTheirFlowIs) {
  pollSource = [](int *input) { return (*input = produced) < 20 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int) {
    const flux_ir_call isHere = [](void *in, void *) {
      return int32_t(*static_cast<std::thread::id *>(in) == std::this_thread::get_id());
    };
    std::thread::id here = std::this_thread::get_id();
    counts.claimed += flux_ir_run(cx, kNodeA, isHere, &here, nullptr);
  };
  EXPECT_EXIT(FINISH(serveTest(model()), counts.claimed == 20), kExits0, "");
}

// Event loops see when a node waits that is declared nonblocking: all are counted, and one is shown.
TEST_P(ServerTest, BrokenPromisesAreCounted) {
  if (!hasLoops())
    GTEST_SKIP() << "a node that waits blocks its own thread";
  pollSource = [](int *input) { return (*input = produced) < 20 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int) {
    cx->node = kNodeA;
    usleep(100);
    cx->node = FLUX_IR_NO_NODE;
    usleep(100);
  };
  EXPECT_EXIT(FINISH(serveTest(model()),
                     flux::runtime.unexpectedWaits[kNodeA] == 20 && flux::runtime.unexpectedWaits[kNodeB] == 0),
              kExits0, "node 'A' \\(test.flux:1\\) is declared nonblocking, but waits in '(u|nano)sleep'");
}

// In an object for debugging the first one ends the process.
TEST_P(ServerTest, BrokenPromisesEndDebugBuilds) {
  if (!hasLoops())
    GTEST_SKIP() << "a node that waits blocks its own thread";
  programFlags = FLUX_IR_DEBUG;
  pollSource = [](int *input) { return (*input = produced) < 20 ? 0 : FLUX_STOP; };
  runNode = [](flux_ir_context *cx, int) {
    cx->node = kNodeA;
    sched_yield();
  };
  EXPECT_EXIT(serveTest(model()), testing::KilledBySignal(SIGABRT), "waits in 'sched_yield'");
  programFlags = 0;
}

// What the compiler took not to wait keeps the loop if it does: no other flow of the loop runs meanwhile. That counts,
// too.
TEST_P(ServerTest, GuardedFunctionsKeepTheLoop) {
  if (!hasLoops())
    GTEST_SKIP() << "a node that waits blocks its own thread";
  pollSource = [](int *input) { return (*input = produced) < 20 ? 0 : FLUX_STOP; };
  static std::atomic<int> overlaps{0};
  runNode = [](flux_ir_context *cx, int) {
    static thread_local int inside = 0; // of one loop
    cx->node = kNodeB;
    overlaps += ++inside != 1;
    usleep(100);
    --inside;
    cx->node = FLUX_IR_NO_NODE;
    usleep(100);
  };
  EXPECT_EXIT(FINISH(serveTest(model()), overlaps == 0 && flux::runtime.unexpectedWaits[kNodeB] == 20 &&
                                             flux::runtime.unexpectedWaits[kNodeA] == 0),
              kExits0,
              "\\(test.flux:2\\) was taken not to block, but waits in '(u|nano)sleep', and the event loop with it");
}

/// What the snapshot says about one running flow, by model.
const char *oneRunning() {
  switch (flux::runtime.model->bit) {
  case FLUX_IR_MODEL_pool:
    return "\"workers\":{\"running\":1,";
  case FLUX_IR_MODEL_sped:
  case FLUX_IR_MODEL_amped:
    return "\"loop\":{\"flows\":1,";
  case FLUX_IR_MODEL_process:
    return "\"in_flight\":1,\"queued\":0}";
  case FLUX_IR_MODEL_percore:
    return "{\"flows\":1,";
  default:
    return "\"threads\":{\"running\":1,";
  }
}

/// Whether a snapshot taken now shows two flows done and one running. A flow has left its node a while before the model
/// and the counters know that it is done.
bool showsOneFlowLeft() {
  static char text[16384];
  const int length = flux_snapshot(text, sizeof text);
  if (length < 0 || length >= static_cast<int>(sizeof text))
    _exit(97);
  return begun == 3 && strstr(text, "\"done\":2,") && strstr(text, oneRunning());
}

std::string snapshotFile() {
  static const std::string file = testing::TempDir() + "flux-snapshot-" + std::to_string(getppid()) + ".json";
  return file;
}

// Flows, a thread of the program and the main thread may make snapshots at once, while others run, begin and end, and
// up to the end of the server.
TEST_P(ServerTest, SnapshotsAtAnyTime) {
  static std::thread *watcher = nullptr;
  static const auto watch = [] {
    char text[512];
    while (flux_snapshot(text, sizeof text) > 0) {
    }
  };
  pollSource = [](int *input) {
    if (first())
      watcher = new std::thread(watch);
    if (produced % 50 == 0)
      kill(getpid(), SIGUSR1);
    return (*input = produced) < 300 ? 0 : FLUX_STOP;
  };
  runNode = [](flux_ir_context *cx, int input) {
    flux_ir_acquire(cx, kLockX, FLUX_IR_WRITE);
    flux_ir_acquire(cx, kSessionS, FLUX_IR_READ);
    char text[16384];
    if (input % 4 == 0 && (flux_snapshot(text, sizeof text) < 0 || !strstr(text, "\"holding\":1,")))
      _exit(98);
    if (input % 16 == 0)
      pause(1);
    flux_ir_release(cx, kSessionS);
    flux_ir_release(cx, kLockX);
  };
  EXPECT_EXIT(
      {
        const int status = serveTest(model(), {"--flux-snapshot=/dev/null"});
        if (watcher)
          watcher->join();
        FINISH(status, ended == 300);
      },
      kExits0, "");
}

// SIGUSR1 replaces the snapshot file; Python's own parser reads it, a name full of specials included.
TEST_P(ServerTest, SnapshotIsJson) {
  pollSource = [](int *input) {
    *input = counts.claimed++;
    if (*input < 3)
      return 0;
    waitUntil(showsOneFlowLeft);
    if (first())
      kill(getpid(), SIGUSR1);
    struct stat status;
    if (stat(snapshotFile().c_str(), &status) != 0)
      return 1;
    flux_stop();
    return 1;
  };
  runNode = [](flux_ir_context *cx, int input) {
    flux_ir_acquire(cx, kLockX, FLUX_IR_WRITE);
    flux_ir_release(cx, kLockX);
    if (input == 2)
      waitUntil([] { return flux_stopping(); });
  };
  const std::string check =
      "import json; s = json.load(open('" + snapshotFile() + "')); assert s['model'] == '" + model().name +
      "' and s['program'] == 'test', s; assert s['flows'] == {'started': 3, 'done': 2, "
      "'in_flight': 1, 'queued': 0}, s; assert s['functions'][1]['name'] == 'B\\\"\\\\\\n', s; assert "
      "s['locks'][0]['acquisitions'] in (2, 3) and s['locks'][2]['session'], s; assert "
      "s['sources'][0]['flows'] == 3 and not s['sources'][0]['ended'], s";
  EXPECT_EXIT(
      {
        std::vector<std::string> options = room(2);
        options.push_back("--flux-snapshot=" + snapshotFile());
        const int status = serveTest(model(), options);
        FILE *script = fopen((snapshotFile() + ".py").c_str(), "w");
        fputs(check.c_str(), script);
        fclose(script);
        const int verdict = system(("python3 '" + snapshotFile() + ".py'").c_str());
        unlink((snapshotFile() + ".py").c_str());
        unlink(snapshotFile().c_str());
        FINISH(status, verdict == 0);
      },
      kExits0, "");
}

// In a directory that others may write to, a link of theirs can have the name of the file that is written beside.
TEST_P(ServerTest, SnapshotFollowsNoLink) {
  static const std::string precious = snapshotFile() + ".precious";
  pollSource = [](int *) {
    if (first()) {
      // The process that writes it is the one that has started the workers, if there are any.
      const pid_t writer = flux::runtime.model->bit == FLUX_IR_MODEL_process ? getppid() : getpid();
      const std::string beside = snapshotFile() + "." + std::to_string(writer) + ".tmp";
      fclose(fopen(precious.c_str(), "w"));
      if (symlink(precious.c_str(), beside.c_str()) != 0)
        return 1;
      kill(getpid(), SIGUSR1);
    }
    struct stat status;
    if (stat(snapshotFile().c_str(), &status) != 0)
      return 1;
    flux_stop();
    return 1;
  };
  EXPECT_EXIT(
      {
        const int status = serveTest(model(), {"--flux-snapshot=" + snapshotFile()});
        struct stat kept;
        struct stat written;
        const bool isKept = stat(precious.c_str(), &kept) == 0 && kept.st_size == 0;
        const bool isWritten = lstat(snapshotFile().c_str(), &written) == 0 && S_ISREG(written.st_mode);
        unlink(precious.c_str());
        unlink(snapshotFile().c_str());
        FINISH(status, isKept && isWritten);
      },
      kExits0, "");
}

// What is not a regular file is written to and stays what it is: renaming would put a file in the place of a device.
TEST_P(ServerTest, SnapshotKeepsPipes) {
  static int pipeEnd = -1;
  pollSource = [](int *) {
    static bool asked = false;
    if (!asked)
      kill(getpid(), SIGUSR1);
    asked = true;
    char first;
    if (read(pipeEnd, &first, 1) != 1)
      return 1;
    flux_stop();
    return first == '{' ? 1 : FLUX_STOP;
  };
  EXPECT_EXIT(
      {
        const std::string file = snapshotFile() + ".pipe";
        mkfifo(file.c_str(), 0600);
        pipeEnd = open(file.c_str(), O_RDWR | O_NONBLOCK);
        const int status = serveTest(model(), {"--flux-snapshot=" + file});
        struct stat after;
        const bool isPipe = stat(file.c_str(), &after) == 0 && S_ISFIFO(after.st_mode);
        unlink(file.c_str());
        FINISH(status, isPipe);
      },
      kExits0, "");
}

// A stack that the system cannot give is a message, not a crash.
TEST_P(ServerTest, RefusesToStartWithoutThreads) {
  pollSource = [](int *) -> int32_t { return FLUX_STOP; };
  EXPECT_EXIT(exit(serveTest(model(), {"--flux-stack-size=1024G"})), testing::ExitedWithCode(1), "cannot start a ");
}

TEST_P(ServerTest, RefusesBadOptions) {
  EXPECT_EXIT(exit(serveTest(model(), {"--flux-nonsense"})), testing::ExitedWithCode(2), "unknown option");
}

INSTANTIATE_TEST_SUITE_P(Models, ServerTest, testing::ValuesIn(allModels),
                         [](const auto &info) { return std::string(info.param->name); });

} // namespace

// Hooks of the program, which is this test: the child of a case that needs none is not disturbed by them.
int flux_init(int argc, char **argv) { return argc == 1 && argv[1] == nullptr ? 0 : 5; }
