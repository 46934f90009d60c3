#include "core/os/pipe_ends.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flux {

namespace {

/// What an entry of /proc/pid/fd leads to: "pipe:[123]".
bool target(int directory, const char *entry, char (&text)[64]) {
  const ssize_t length = readlinkat(directory, entry, text, sizeof text - 1);
  text[length > 0 ? length : 0] = 0;
  return length > 0;
}

/// Whether the descriptor can be written to, and only that: the entry's own permissions say how it was opened.
bool isForWriting(int directory, const char *entry) {
  struct stat link;
  return fstatat(directory, entry, &link, AT_SYMLINK_NOFOLLOW) == 0 && !(link.st_mode & S_IRUSR);
}

} // namespace

bool isPipeToItself(pid_t pid, int fd) {
  char name[64];
  snprintf(name, sizeof name, "/proc/%d/fd", static_cast<int>(pid));
  DIR *entries = opendir(name);
  if (!entries)
    return false;
  const int directory = dirfd(entries);
  char number[16];
  char wanted[64];
  char found[64];
  snprintf(number, sizeof number, "%d", fd);
  bool has = target(directory, number, wanted);
  const bool isPipe = has && strncmp(wanted, "pipe:", 5) == 0;
  has = has && strcmp(wanted, "anon_inode:[eventfd]") == 0;
  if (isPipe) {
    const bool writes = isForWriting(directory, number);
    while (const dirent *entry = has ? nullptr : readdir(entries))
      has = target(directory, entry->d_name, found) && strcmp(found, wanted) == 0 &&
            isForWriting(directory, entry->d_name) != writes;
  }
  closedir(entries);
  return has;
}

} // namespace flux
