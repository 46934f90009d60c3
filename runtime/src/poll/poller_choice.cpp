#include "poll/poller_choice.h"

#include "core/log.h"
#include "core/os/sanitizers.h"
#include "poll/epoll_poller.h"
#include "poll/ring_poller.h"

#include <new>
#include <stdlib.h>
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

template <typename T> Poller *create() {
  void *memory = malloc(sizeof(T));
  return memory ? new (memory) T() : nullptr;
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

Poller *createPoller(Io io) { return io == Io::Ring ? create<RingPoller>() : create<EpollPoller>(); }

void destroyPoller(Poller *poller) { free(poller); }

} // namespace flux
