// listen.cpp - the source: waits until a client has sent a whole request head, and starts a flow with its socket.
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
bool lookAt(Poller &poller, Connection &c) {
  for (;;) {
    if (c.expired)
      return true;
    Input input = readInput(c);
    if (input == Input::Complete)
      return true;
    bool overdue = c.draining && monotonicMs() > c.deadline.load(std::memory_order_relaxed);
    if (input == Input::Closed || overdue || (poller.stopping() && !c.draining)) {
      closeConnection(c);
      return false;
    }
    if (c.more) {
      poller.enqueue(c);
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

/// The poller of the thread that runs Listen, null if it has none after a printed message.
Poller *startPolling() {
  Poller &poller = makePoller();
  return poller.listen() ? &poller : nullptr;
}

/// Called at every turn while the server stops. Returns true when the last connection is closed.
bool windDown(Poller &poller) {
  poller.stop();
  return poller.openConnections() == 0;
}

} // namespace

extern "C" int flux_init(int argc, char **argv) {
  if (!parseOptions(argc, argv))
    return 1;
  if (int error = openRoot(options().root.c_str())) {
    fprintf(stderr, "web: cannot serve %s: %s\n", options().root.c_str(), strerror(error));
    return 1;
  }
  return openListeners(flux_replicate("Listen")) ? 0 : 1;
}

int64_t PollerOf(Page_in *in) { return connection(in->socket).poller.load(std::memory_order_relaxed)->number; }

int Listen(Listen_out *out) {
  static thread_local Poller *const poller = startPolling();
  if (!poller)
    return FLUX_STOP;
  for (;;) {
    while (Connection *c = poller->take()) {
      if (lookAt(*poller, *c)) {
        out->socket = c->fd;
        return 0;
      }
    }
    if (flux_stopping() && windDown(*poller))
      return FLUX_STOP;
    poller->wait();
  }
}
