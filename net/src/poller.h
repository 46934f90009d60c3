/// poller.h - an epoll instance that watches waiting connections, and the queue of connections to look at.
#ifndef FLUX_NET_POLLER_H
#define FLUX_NET_POLLER_H

#include "connection.h"
#include "listeners.h"
#include "mutex.h"

#include <atomic>

struct epoll_event;

namespace flux::net {

struct Arrival;
struct Server;

/// One for each thread that runs the source of a server, which alone calls what is said to be its own; any thread may
/// call the rest. Their threads write to no common cache line while connections live.
///
/// A connection is registered once, edge-triggered, when it first waits for its client, and stays registered until it
/// is closed. The queue holds connections that are held on the source's behalf, new ones among them: it will read from
/// each without waiting for an event.
class alignas(64) Poller {
public:
  Poller(Server &server, int number) : server(server), number(number), listeners(server, number) {}
  Poller(const Poller &) = delete;

  /// Makes what it needs and watches the listening sockets. Returns 0 or an errno value. Before anything else.
  int open();

  const flux_net_options &options() const;

  /// Puts a held connection at the end of the queue. The source's own.
  void lookAt(Connection &c) { found.push(c); }

  /// The same for anybody; wakes the source if it sleeps.
  void enqueue(Connection &c);

  /// Takes the first connection of the queue, null if it is empty. The source's own.
  Connection *take();

  /// Has the source begin a flow with a message of a stream; wakes it if it sleeps. Any thread.
  void hand(Arrival &arrival);

  /// Takes the first of these, null if there is none. The source's own.
  Arrival *takeArrival();

  /// Waits until something happens, and enqueues the connections that it happened to. The source's own.
  void wait();

  /// Makes wait() look at deadlines no later than then, or a little later.
  void lookBy(Deadline deadline);

  /// Starts watching a connection. False, with errno, if that fails. The output is locked.
  bool watch(Connection &c);

  /// Stops watching it. The output is locked.
  void unwatch(Connection &c);

  /// Has it told when there is room to send, or not any more. The output is locked.
  void watchForRoom(Connection &c, bool wanted);

  /// Has it told that there is room, even if it has been told already. The output is locked.
  void awaitRoom(Connection &c);

  /// Starts or stops watching a listening socket. The source's own.
  bool watchListener(int fd);
  void unwatchListener(int fd);

  /// There is one connection more, or one less and a descriptor free.
  void connectionOpened();
  void connectionClosed();

  /// One has come from another poller that has the same door, or has gone there.
  void connectionArrived();
  void connectionLeft();

  // Acquire: see connectionLeft().
  size_t openConnections() const { return connections.load(std::memory_order_acquire); }

  /// From now on nobody may wait for a client to begin a message: what has arrived is accepted, then nothing more.
  /// Called again, it looks for newly waiting ones. The source's own.
  void stop();
  bool stopping() const { return stopped.load(std::memory_order_relaxed); }

  /// Since when. The source's own.
  Deadline stoppingSince() const { return stopMs; }

  Server &server;
  const int number; // of the source's copy
  Stock stock;

  /// Whether somebody runs the source with it.
  std::atomic<bool> isInUse{false};

private:
  struct Queue {
    Connection *first = nullptr, *last = nullptr;
    void push(Connection &c);
  };

  void wake();
  Deadline nextTurn() const;
  bool dispatch(const epoll_event *events, int count);
  void lookAtDeadlines(Deadline now);
  void closeIdle(Deadline now);

  int epoll = -1, wakeup = -1;
  Listeners listeners;
  Queue found; // by wait(), at which nobody else looks
  Deadline nextCloseIdle = 0, stopMs = 0;
  std::atomic<size_t> connections{0};
  std::atomic<bool> sleeping{false}; // see enqueue() and wait()
  std::atomic<bool> stopped{false};
  std::atomic<Deadline> nextLook{kNoDeadline};
  Mutex mutex;
  Queue handed;                                            // by others; guarded by the mutex
  std::atomic<bool> anyHanded{false};                      // written under the mutex
  Arrival *firstArrival = nullptr, *lastArrival = nullptr; // guarded by the mutex
  std::atomic<bool> anyArrival{false};                     // written under it
};

} // namespace flux::net

#endif // FLUX_NET_POLLER_H
