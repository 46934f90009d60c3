/// cpus.h - sets of processors, as large as the kernel has them: a cpu_set_t ends at 1024.
#ifndef FLUX_CORE_OS_CPUS_H
#define FLUX_CORE_OS_CPUS_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>

namespace flux {

struct CpuSet {
  cpu_set_t *cpus; // null: there is none
  size_t size;     // in bytes
};

/// Returns the processors that the calling thread may run on; none, with errno set, if the system does not say or there
/// is no memory. The caller owns it. Any thread.
CpuSet allowedCpus();

/// Returns the set of one processor; none, with errno set, without memory. The caller owns it. Any thread.
CpuSet oneCpu(size_t cpu);

/// Gives back a set, or none.
void freeCpus(CpuSet set);

uint64_t countCpus(const CpuSet &set);
bool hasCpu(const CpuSet &set, size_t cpu);

/// Returns how many processors the calling thread may run on; 1 if the system does not say. Any thread.
uint64_t numAllowedCpus();

} // namespace flux

#endif // FLUX_CORE_OS_CPUS_H
