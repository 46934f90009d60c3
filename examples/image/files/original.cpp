// original.cpp - reading files without ever leaving the root.
#include "files/original.h"

#include <cerrno>
#include <fcntl.h>
#include <flux/http.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace image {
namespace {

int rootDescriptor = -1;
int64_t maxSize;

/// A descriptor that closes itself.
struct Descriptor {
  int fd;
  explicit Descriptor(int fd) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (fd >= 0)
      close(fd);
  }
};

/// Returns the descriptor or a negative errno value. Never blocks on a FIFO.
int openBelowRoot(const char *path) {
  struct open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a directory was renamed while the kernel followed the path. Somebody may do nothing else.
  for (int attempt = 0;; ++attempt) {
    const long fd = syscall(SYS_openat2, rootDescriptor, path[1] ? path + 1 : ".", &how, sizeof how);
    if (fd >= 0 || attempt == 32 || (errno != EINTR && errno != EAGAIN))
      return fd >= 0 ? static_cast<int>(fd) : -errno;
  }
}

bool readAll(int fd, uint8_t *to, size_t size) {
  for (size_t have = 0; have < size;) {
    const ssize_t n = pread(fd, to + have, size - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    have += static_cast<size_t>(n);
  }
  return true;
}

} // namespace

int openRoot(const char *directory, int64_t maxBytes) {
  maxSize = maxBytes;
  rootDescriptor = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (rootDescriptor < 0)
    return errno;
  const Descriptor probe(openBelowRoot("/"));
  return probe.fd < 0 ? -probe.fd : 0;
}

int readOriginal(const std::string &path, const Stamp *known, Original &original) {
  const Descriptor file(openBelowRoot(path.c_str()));
  struct stat st;
  if (file.fd < 0)
    return flux_http_refuse_file(-file.fd);
  if (fstat(file.fd, &st) != 0)
    return 500;
  if (!S_ISREG(st.st_mode))
    return 403;
  original.stamp = {st.st_dev, st.st_ino, st.st_size, st.st_mtim};
  if (known && *known == original.stamp)
    return 0;
  if (st.st_size > maxSize)
    return 413;
  original.bytes.reset(new uint8_t[original.size()]);
  // Shorter than it was a moment ago: somebody is writing it right now, and what it will be nobody knows.
  return readAll(file.fd, original.bytes.get(), original.size()) ? 0 : 503;
}

} // namespace image
