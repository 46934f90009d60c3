/// cores_test.cpp - how many processors control groups allow, as files below a root say it.
#include "models/percore/cores.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sched.h>
#include <thread>

using namespace flux;

namespace {

class CoresTest : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/flux-cores-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    root = name;
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  void write(const std::string &path, const char *text) {
    const std::filesystem::path file = root + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  uint64_t cores() { return coresByQuota(root.c_str()); }

  std::string root;
};

TEST_F(CoresTest, NothingSaysAnything) {
  EXPECT_EQ(cores(), 0u);
  write("/proc/self/cgroup", "");
  EXPECT_EQ(cores(), 0u);
  write("/proc/self/cgroup", "0::/a/b\nnonsense\n::\n");
  EXPECT_EQ(cores(), 0u);
}

TEST_F(CoresTest, SecondVersionRoundsUp) {
  write("/proc/self/cgroup", "0::/a\n");
  write("/sys/fs/cgroup/a/cpu.max", "max 100000\n");
  EXPECT_EQ(cores(), 0u);
  write("/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  EXPECT_EQ(cores(), 1u);
  write("/sys/fs/cgroup/a/cpu.max", "100000 100000\n");
  EXPECT_EQ(cores(), 1u);
  write("/sys/fs/cgroup/a/cpu.max", "100001 100000\n");
  EXPECT_EQ(cores(), 2u);
}

// The least of a group and all above it counts; one that is not there, as in a container, says nothing.
TEST_F(CoresTest, GroupsAbove) {
  write("/proc/self/cgroup", "0::/a/b/c\n");
  write("/sys/fs/cgroup/cpu.max", "700000 100000\n");
  EXPECT_EQ(cores(), 7u);
  write("/sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  write("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  write("/sys/fs/cgroup/a/b/c/cpu.max", "500000 100000\n");
  EXPECT_EQ(cores(), 3u);
}

TEST_F(CoresTest, FirstVersion) {
  write("/proc/self/cgroup", "3:cpuset:/x\n2:cpu,cpuacct:/a\n1:name=systemd:/y\n");
  write("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
  write("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores(), 0u);
  write("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "250000\n");
  EXPECT_EQ(cores(), 3u);
}

// A thread that may run on one processor only has one, whatever the machine has.
TEST(AvailableCoresTest, AffinityMask) {
  EXPECT_GE(availableCores(), 1u);
  std::thread([] {
    cpu_set_t mask;
    ASSERT_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
    int first = 0;
    while (!CPU_ISSET(first, &mask))
      ++first;
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof mask, &mask), 0);
    EXPECT_EQ(availableCores(), 1u);
  }).join();
}

} // namespace
