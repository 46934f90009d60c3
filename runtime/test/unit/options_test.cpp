/// options_test.cpp - reading, stripping and refusing options.
#include "core/server/options.h"
#include "support.h"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <string>
#include <vector>

using flux::OptionsResult;

namespace {

struct OptionsTest : testing::Test {
  void SetUp() override {
    flux_test::useTestProgram(); // messages name it
    flux::coreOptions = flux::CoreOptions();
    workers = 8;
    mode = "fast";
    unsetenv("FLUX_WORKERS");
  }
  void TearDown() override { unsetenv("FLUX_WORKERS"); }

  /// Reads the command line; what is left of it, joined by blanks, is in `rest`, the messages are in `log`.
  OptionsResult read(std::vector<std::string> words) {
    arguments = std::move(words);
    arguments.insert(arguments.begin(), "server");
    std::vector<char *> argv;
    for (std::string &argument : arguments)
      argv.push_back(argument.data());
    argv.push_back(nullptr);
    int argc = static_cast<int>(arguments.size());
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const OptionsResult result = flux::readOptions("test", {table, 2}, argc, argv.data());
    out = testing::internal::GetCapturedStdout();
    log = testing::internal::GetCapturedStderr();
    rest.clear();
    for (int i = 1; i < argc; ++i)
      rest += (i > 1 ? " " : "") + std::string(argv[i]);
    EXPECT_EQ(argv[argc], nullptr);
    return result;
  }

  int64_t workers = 8;
  const char *mode = "fast";
  const flux::Option table[2] = {{"workers", "N", "how many", &workers, 1, 1000, nullptr},
                                 {"mode", "fast|slow|fastest", "how", nullptr, 0, 0, &mode}};
  std::vector<std::string> arguments; // texts of options point into it
  std::string rest, log, out;
};

// What is not for Flux stays in its order, whatever it looks like.
TEST_F(OptionsTest, StripsItsOwn) {
  EXPECT_EQ(read({"--port", "80", "--flux-workers=3", "-flux-x", "--fluxx", "--flux-drain-ms=7", "file"}),
            OptionsResult::Run);
  EXPECT_EQ(rest, "--port 80 -flux-x --fluxx file");
  EXPECT_EQ(workers, 3);
  EXPECT_EQ(flux::coreOptions.drainMs, 7);
  EXPECT_EQ(log, "");
}

// Behind `--` everything is the program's.
TEST_F(OptionsTest, LeavesWhatFollowsTwoDashes) {
  EXPECT_EQ(read({"a", "--", "--flux-workers=3", "--flux-help"}), OptionsResult::Run);
  EXPECT_EQ(rest, "a -- --flux-workers=3 --flux-help");
  EXPECT_EQ(workers, 8);
}

// The command line is stronger than the environment; an empty variable is none.
TEST_F(OptionsTest, ReadsTheEnvironment) {
  setenv("FLUX_WORKERS", "5", 1);
  EXPECT_EQ(read({}), OptionsResult::Run);
  EXPECT_EQ(workers, 5);
  EXPECT_EQ(read({"--flux-workers=6"}), OptionsResult::Run);
  EXPECT_EQ(workers, 6);
  setenv("FLUX_WORKERS", "", 1);
  EXPECT_EQ(read({}), OptionsResult::Run);
  EXPECT_EQ(workers, 6);
  setenv("FLUX_WORKERS", "many", 1);
  EXPECT_EQ(read({}), OptionsResult::Error);
  EXPECT_EQ(log, "flux: test: 'FLUX_WORKERS' takes a number from 1 to 1000, but 'many' is given\n");
}

TEST_F(OptionsTest, ReadsSizes) {
  EXPECT_EQ(read({"--flux-drain-ms=2K"}), OptionsResult::Run);
  EXPECT_EQ(flux::coreOptions.drainMs, 2048);
  EXPECT_EQ(read({"--flux-snapshot=a=b"}), OptionsResult::Run);
  EXPECT_STREQ(flux::coreOptions.snapshotFile, "a=b");
}

TEST_F(OptionsTest, RefusesBadValues) {
  for (const char *value :
       {"", "0", "1001", "-1", "3x", "3KK", "99999999999999999999", "9999999999999G", "0x10", " "}) {
    EXPECT_EQ(read({std::string("--flux-workers=") + value}), OptionsResult::Error) << value;
    EXPECT_EQ(log, std::string("flux: test: '--flux-workers' takes a number from 1 to 1000, but '") + value +
                       "' is given\n");
    EXPECT_EQ(workers, 8);
  }
  EXPECT_EQ(read({"--flux-workers"}), OptionsResult::Error);
  EXPECT_EQ(log, "flux: test: option '--flux-workers' takes a value: --flux-workers=N\n");
  EXPECT_EQ(read({"--flux-snapshot="}), OptionsResult::Error);
  EXPECT_EQ(log, "flux: test: '--flux-snapshot' takes a FILE, but none is given\n");
}

// Where there are alternatives, nothing else is taken.
TEST_F(OptionsTest, ReadsAlternatives) {
  for (const char *value : {"fast", "slow", "fastest"}) {
    EXPECT_EQ(read({std::string("--flux-mode=") + value}), OptionsResult::Run);
    EXPECT_STREQ(mode, value);
  }
  for (const char *value : {"", "f", "slo", "slower", "|", "fast|slow"}) {
    EXPECT_EQ(read({std::string("--flux-mode=") + value}), OptionsResult::Error) << value;
    EXPECT_EQ(log,
              std::string("flux: test: '--flux-mode' takes one of fast|slow|fastest, but '") + value + "' is given\n");
  }
}

TEST_F(OptionsTest, NamesTheNearOption) {
  EXPECT_EQ(read({"--flux-wokers=3"}), OptionsResult::Error);
  EXPECT_EQ(log, "flux: test: unknown option '--flux-wokers' for model 'test'; did you mean '--flux-workers'?\n");
  EXPECT_EQ(read({"--flux-shoe-size=43"}), OptionsResult::Error);
  EXPECT_EQ(log, "flux: test: unknown option '--flux-shoe-size' for model 'test'; --flux-help lists those it has\n");
  EXPECT_EQ(read({"--flux-"}), OptionsResult::Error);
  EXPECT_EQ(read({"--flux-" + std::string(5000, 'x')}), OptionsResult::Error);
}

// The help lists every option with its default and its variable, wherever it stands.
TEST_F(OptionsTest, Help) {
  EXPECT_EQ(read({"x", "--flux-workers=3", "--flux-help"}), OptionsResult::Help);
  for (const char *text : {"model 'test'", "--flux-workers=N", "(default 8, variable FLUX_WORKERS)",
                           "--flux-drain-ms=MS", "variable FLUX_DRAIN_MS", "--flux-snapshot=FILE"})
    EXPECT_NE(out.find(text), std::string::npos) << text << " is missing in\n" << out;
}

// The texts stand below each other, also beside an option that takes more room than there is.
TEST_F(OptionsTest, HelpHasColumns) {
  EXPECT_EQ(read({"--flux-help"}), OptionsResult::Help);
  EXPECT_NE(out.find("\n  --flux-workers=N         "), std::string::npos) << out;
  EXPECT_NE(out.find("\n  --flux-mode=fast|slow|fastest\n                           "), std::string::npos) << out;
}

} // namespace
