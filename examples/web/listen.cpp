// listen.cpp - the source: waits until a client has sent a whole request head, and starts a flow with its socket.
#include "listeners.h"
#include "options.h"
#include "path.h"
#include "poller.h"
#include "web.flux.h"

#include <cstdio>
#include <cstring>
#include <flux/flux.h>

using namespace web;

namespace {

/// Reads from a held connection. True: a flow should take it. False: it waits, is queued again, or has been closed.
bool lookAt(Connection &c) {
  for (;;) {
    if (c.expired)
      return true;
    Input input = readInput(c);
    if (input == Input::Complete)
      return true;
    bool overdue = c.draining && monotonicMs() > c.deadline.load(std::memory_order_relaxed);
    if (input == Input::Closed || overdue || (poller().stopping() && !c.draining)) {
      closeConnection(c);
      return false;
    }
    if (c.more) {
      poller().enqueue(c);
      return false;
    }
    if (!c.headStarted && c.begin != c.end) {
      c.headStarted = true;
      setDeadline(c, options().headTimeoutMs);
    }
    if (release(c))
      return false;
  }
}

/// Called at every turn while the server stops: accepts what has arrived already, then nothing more, and lets no
/// connection wait any longer. Returns true when the last one is closed.
bool windDown() {
  if (!poller().stopping()) {
    acceptConnections();
    closeListeners();
  }
  poller().stop();
  return openConnections() == 0;
}

} // namespace

extern "C" int flux_init(int argc, char **argv) {
  if (!parseOptions(argc, argv))
    return 1;
  if (int error = openRoot(options().root.c_str())) {
    fprintf(stderr, "web: cannot serve %s: %s\n", options().root.c_str(), strerror(error));
    return 1;
  }
  return openListeners() ? 0 : 1;
}

int Listen(Listen_out *out) {
  static const bool watching = poller().error() == 0 && watchListeners();
  if (!watching) {
    fprintf(stderr, "web: cannot wait for connections: %s\n", strerror(poller().error()));
    return FLUX_STOP;
  }
  for (;;) {
    while (Connection *c = poller().take()) {
      if (lookAt(*c)) {
        out->socket = c->fd;
        return 0;
      }
    }
    if (flux_stopping() && windDown())
      return FLUX_STOP;
    poller().wait();
  }
}
