#include "core/os/cpus.h"

#include <errno.h>

namespace flux {

namespace {

/// A set with room for the processors below `count`.
CpuSet allocateCpus(size_t count) {
  const CpuSet set = {CPU_ALLOC(count), CPU_ALLOC_SIZE(count)};
  if (set.cpus)
    CPU_ZERO_S(set.size, set.cpus);
  return set;
}

} // namespace

CpuSet allowedCpus() {
  // The kernel refuses a set that is smaller than its own, and does not say how large that is.
  constexpr size_t kMost = size_t{1} << 20;
  for (size_t count = CPU_SETSIZE; count <= kMost; count *= 2) {
    const CpuSet set = allocateCpus(count);
    if (!set.cpus || sched_getaffinity(0, set.size, set.cpus) == 0)
      return set;
    const bool isTooSmall = errno == EINVAL;
    freeCpus(set);
    if (!isTooSmall)
      break;
  }
  return {};
}

CpuSet oneCpu(size_t cpu) {
  const CpuSet set = allocateCpus(cpu + 1);
  if (set.cpus)
    CPU_SET_S(cpu, set.size, set.cpus);
  return set;
}

void freeCpus(CpuSet set) { CPU_FREE(set.cpus); }

uint64_t countCpus(const CpuSet &set) { return static_cast<uint64_t>(CPU_COUNT_S(set.size, set.cpus)); }

bool hasCpu(const CpuSet &set, size_t cpu) { return CPU_ISSET_S(cpu, set.size, set.cpus); }

uint64_t numAllowedCpus() {
  const CpuSet set = allowedCpus();
  const uint64_t count = set.cpus ? countCpus(set) : 1;
  freeCpus(set);
  return count;
}

} // namespace flux
