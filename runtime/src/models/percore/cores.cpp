#include "models/percore/cores.h"

#include "core/os/cpus.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace flux {

namespace {

/// Reads up to two numbers from the file `directory`/`name`; returns how many.
int readNumbers(const char *directory, const char *name, long long (&numbers)[2]) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", directory, name) >= static_cast<int>(sizeof path))
    return 0;
  FILE *file = fopen(path, "re");
  if (!file)
    return 0;
  char line[64];
  const char *rest = fgets(line, sizeof line, file);
  fclose(file);
  int count = 0;
  for (char *end; rest && count < 2; rest = end) {
    numbers[count] = strtoll(rest, &end, 10);
    if (end == rest)
      break;
    ++count;
  }
  return count;
}

/// What one group allows, 0 if it does not limit. A limit of version 2 is "max" or two numbers, one of version 1 is -1
/// or one number, its period in another file.
uint64_t coresOfGroup(const char *directory) {
  long long limit[2], period[2];
  if (readNumbers(directory, "cpu.max", limit) != 2) {
    if (readNumbers(directory, "cpu.cfs_quota_us", limit) == 0 ||
        readNumbers(directory, "cpu.cfs_period_us", period) == 0)
      return 0;
    limit[1] = period[0];
  }
  if (limit[0] <= 0 || limit[1] <= 0)
    return 0;
  return static_cast<uint64_t>((limit[0] - 1) / limit[1] + 1);
}

uint64_t lesser(uint64_t a, uint64_t b) { return a == 0 || (b != 0 && b < a) ? b : a; }

/// The least that the groups from `mount``group` up to `mount` allow. In a container the path may lead nowhere: then
/// what is mounted is the container's own group.
uint64_t coresOfPath(const char *mount, const char *group) {
  char directory[PATH_MAX];
  if (snprintf(directory, sizeof directory, "%s%s", mount, group) >= static_cast<int>(sizeof directory))
    return 0;
  uint64_t cores = coresOfGroup(directory);
  for (const size_t top = strlen(mount); strlen(directory) > top;) {
    *strrchr(directory, '/') = 0;
    cores = lesser(cores, coresOfGroup(directory));
  }
  return cores;
}

/// Whether the comma-separated `list` has `cpu`.
bool listsCpu(const char *list) {
  for (const char *each = list; each; each = strchr(each, ',')) {
    each += *each == ',';
    if (strncmp(each, "cpu", 3) == 0 && (each[3] == ',' || each[3] == 0))
      return true;
  }
  return false;
}

} // namespace

uint64_t coresByQuota(const char *root) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
  FILE *file = fopen(path, "re");
  if (!file)
    return 0;
  uint64_t cores = 0;
  char line[PATH_MAX + 256];
  // hierarchy:controllers:/group; of version 2: 0::/group
  while (fgets(line, sizeof line, file)) {
    if (char *end = strchr(line, '\n'))
      *end = 0;
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : nullptr;
    if (!group)
      continue;
    *group++ = 0;
    const bool isSecondVersion = *++controllers == 0;
    if (!isSecondVersion && !listsCpu(controllers))
      continue;
    snprintf(path, sizeof path, "%s/sys/fs/cgroup%s", root, isSecondVersion ? "" : "/cpu");
    cores = lesser(cores, coresOfPath(path, strcmp(group, "/") == 0 ? "" : group));
  }
  fclose(file);
  return cores;
}

uint64_t availableCores() {
  const uint64_t cores = lesser(numAllowedCpus(), coresByQuota(""));
  return cores > 0 ? cores : 1;
}

} // namespace flux
