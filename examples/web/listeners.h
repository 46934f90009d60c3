// listeners.h - the listening sockets and accepting from them.
#ifndef WEB_LISTENERS_H
#define WEB_LISTENERS_H

#include <atomic>
#include <vector>

namespace web {

class Poller;

/// Opens the listening sockets that the options ask for and prints the address of the server. `pollers` of each process
/// will accept: each has sockets of its own for the same addresses, and the kernel spreads connections over them
/// (SO_REUSEPORT). Prints what is wrong and returns false on failure. Called once, on the main thread.
bool openListeners(int pollers);

/// The listening sockets of one poller. Everything is for the poller's thread, but for paused().
class Listeners {
public:
  /// Takes the sockets, and has the poller watch them. False after a printed message.
  bool open(Poller &poller);

  /// Accepts what has arrived, as far as descriptors reach; if they do not, accepting is paused: nothing is watched
  /// until a later call succeeds.
  void accept(Poller &poller);
  bool paused() const { return pausing.load(std::memory_order_relaxed); }

  void close(Poller &poller);

private:
  bool acceptFrom(int listener, Poller &poller);

  std::vector<int> sockets;
  std::atomic<bool> pausing{false};
};

} // namespace web

#endif // WEB_LISTENERS_H
