/// listeners.h - the listening sockets of a poller, and accepting from them.
#ifndef FLUX_NET_LISTENERS_H
#define FLUX_NET_LISTENERS_H

#include "addresses.h"

#include <atomic>

namespace flux::net {

class Poller;
struct Server;

/// The source's own but for paused().
class Listeners {
public:
  Listeners(Server &server, int number) : server(server), number(number) {}

  /// Watches them; false with errno if that fails.
  bool open(Poller &poller);

  /// Accepts what has arrived, as far as there is room. Where there is none, nobody watches the sockets until there is.
  void accept(Poller &poller);

  /// Stops listening.
  void close(Poller &poller);

  /// Whether clients wait for descriptors or for room. Any thread.
  bool paused() const { return pausing.load(std::memory_order_relaxed); }

private:
  bool acceptFrom(int listener, Poller &poller);
  void welcome(int fd, const struct sockaddr_storage &address, Poller &poller);

  Server &server;
  const int number;
  bool isClosed = false;
  std::atomic<bool> pausing{false};
};

} // namespace flux::net

#endif // FLUX_NET_LISTENERS_H
