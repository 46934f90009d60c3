// poller.h - an epoll instance that watches waiting connections, and the queue of connections to look at.
#ifndef WEB_POLLER_H
#define WEB_POLLER_H

#include "cache.h"
#include "connection.h"
#include "listeners.h"
#include "stock.h"

#include <limits>
#include <mutex>

namespace web {

/// One for each thread that runs Listen, which alone calls what is said to be its own; any thread may call the rest.
/// Their threads write to no common cache line.
///
/// A connection is registered once, edge-triggered, when it first waits for its client, and stays registered until it
/// is closed. The queue holds connections that are held (see connection.h) on Listen's behalf, new ones among them: it
/// will read from each without waiting for an event.
class alignas(64) Poller {
public:
  Poller();
  Poller(const Poller &) = delete;

  /// 0 or the errno value that kept the poller from being made.
  int error() const { return failure; }

  /// Opens the listening sockets of this poller and watches them. False after a printed message. Listen's own.
  bool listen();

  /// Accepts what has arrived. Listen's own.
  void accept();

  /// Starts watching a held connection; false leaves errno. Any thread.
  bool watch(Connection &c);

  /// Puts a connection that has just been accepted at the end of the queue. Listen's own.
  void lookAt(Connection &c) { found.push(c); }

  /// Starts or stops watching a listening socket.
  bool watchListener(int fd);
  void unwatchListener(int fd);

  /// Puts a held connection at the end of the queue and wakes Listen if it sleeps.
  void enqueue(Connection &c);

  /// Takes the first connection of the queue, null if it is empty. Listen's own.
  Connection *take();

  /// Waits until something happens, and enqueues the connections that it happened to. Listen's own.
  void wait();

  /// Makes wait() look at deadlines no later than at `deadline`.
  void lookBy(int64_t deadline);

  /// Tells that there is another connection, or one less, and a descriptor free.
  void connectionOpened() { open.fetch_add(1, std::memory_order_relaxed); }
  void connectionClosed();
  size_t openConnections() const { return open.load(std::memory_order_relaxed); }

  /// From now on nobody may wait for a client to begin a request: what has arrived is accepted, then nothing more.
  /// Called again, it looks for newly waiting ones. Listen's own.
  void stop();
  bool stopping() const { return stopped.load(std::memory_order_relaxed); }

  /// Which of the pollers it is, from 0 up.
  const int number;

  /// What the requests of the poller's connections use.
  Stock stock;
  Cache cache;

private:
  struct Queue {
    Connection *first = nullptr;
    Connection *last = nullptr;
    void push(Connection &c) {
      c.next = nullptr;
      (first ? last->next : first) = &c;
      last = &c;
    }
  };

  void wake();
  int timeout();
  void lookAtDeadlines(int64_t now);
  void closeIdle(int64_t now);

  static constexpr int64_t never = std::numeric_limits<int64_t>::max();

  int failure = 0;
  int epoll = -1;
  int wakeup = -1;
  Listeners listeners;
  Queue found; // by wait(), which nobody else looks at
  int64_t nextCloseIdle = 0;
  std::atomic<size_t> open{0};
  std::atomic<bool> sleeping{false}; // ordered by the mutex: see enqueue() and wait()
  std::atomic<bool> stopped{false};
  std::atomic<int64_t> nextLook{never};
  std::mutex mutex;
  Queue handed;                       // by others; guarded by mutex
  std::atomic<bool> anyHanded{false}; // written under the mutex
};

/// Makes another poller, which lives as long as the process. Called by each thread that runs Listen.
Poller &makePoller();

} // namespace web

#endif // WEB_POLLER_H
