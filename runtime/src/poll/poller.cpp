#include "poll/poller.h"

#include "core/log.h"
#include "fiber/sanitizers.h"

#include <string.h>

namespace flux {

const char *ioAsked = "auto";

namespace {

/// Whether the kernel, and whoever restricts this process, let it have a ring.
bool ringServes() {
  Ring ring;
  const bool serves = ring.open();
  const int error = errno;
  ring.close();
  errno = error;
  return serves;
}

} // namespace

bool chooseIo(Io &io) {
  const bool ringAsked = strcmp(ioAsked, "io_uring") == 0;
  const bool epollAsked = strcmp(ioAsked, "epoll") == 0;
  // Valgrind (3.19) never comes back from sleeping in a ring.
  const bool ringWanted = ringAsked || (!epollAsked && !isUnderValgrind());
  io = ringWanted && ringServes() ? Io::Ring : Io::Epoll;
  if (!ringAsked || io == Io::Ring)
    return true;
  logMessage("cannot use io_uring: %s; --flux-io=auto uses epoll then", strerror(errno));
  return false;
}

} // namespace flux
