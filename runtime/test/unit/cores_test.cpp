/// cores_test.cpp - how many processors control groups allow, as files below a root say it.
#include "core/os/cpus.h"
#include "models/percore/cores.h"

#include <gtest/gtest.h>

#include <errno.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <thread>

using namespace flux;

// Whether the system is one of 4096 processors, of which the process may use these; linked by --wrap.
static bool isHuge = false;
constexpr size_t kHuge = 4096, kFirst = 7, kSecond = 3000;

extern "C" int __real_sched_getaffinity(pid_t, size_t, cpu_set_t *);
extern "C" int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t *cpus) {
  if (!isHuge)
    return __real_sched_getaffinity(process, size, cpus);
  if (size < CPU_ALLOC_SIZE(kHuge)) {
    errno = EINVAL;
    return -1;
  }
  CPU_ZERO_S(size, cpus);
  CPU_SET_S(kFirst, size, cpus);
  // NOLINTNEXTLINE(clang-analyzer-security.ArrayBound): the set is larger than its type.
  CPU_SET_S(kSecond, size, cpus);
  return 0;
}

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

// On a machine with more processors than a cpu_set_t has room for, those beyond count, too.
TEST(AvailableCoresTest, MoreThanAFixedSetHolds) {
  isHuge = true;
  EXPECT_EQ(numAllowedCpus(), 2u);
  const CpuSet allowed = allowedCpus();
  isHuge = false;
  ASSERT_NE(allowed.cpus, nullptr);
  EXPECT_TRUE(hasCpu(allowed, kFirst));
  EXPECT_TRUE(hasCpu(allowed, kSecond));
  EXPECT_FALSE(hasCpu(allowed, kSecond + 1));
  EXPECT_FALSE(hasCpu(allowed, kHuge * 2));
  freeCpus(allowed);
  const CpuSet one = oneCpu(kSecond);
  EXPECT_EQ(countCpus(one), 1u);
  EXPECT_TRUE(hasCpu(one, kSecond));
  freeCpus(one);
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
