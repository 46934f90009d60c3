/// cores.h - how many processors this process may use.
#ifndef FLUX_MODELS_PERCORE_CORES_H
#define FLUX_MODELS_PERCORE_CORES_H

#include <stdint.h>

namespace flux {

/// Returns how many processors the control groups of this process let it have, rounded up; 0 if they do not say. What
/// is configured is read below `root`, which is empty but in tests: proc/self/cgroup says which groups, and cpu.max
/// (version 2), cpu.cfs_quota_us and cpu.cfs_period_us (version 1) of the group and of all above it what they allow.
uint64_t coresByQuota(const char *root);

/// Returns how many processors this process may use: those of its affinity mask, fewer if its control groups say so; at
/// least 1.
uint64_t availableCores();

} // namespace flux

#endif // FLUX_MODELS_PERCORE_CORES_H
