// poller.h - the epoll instance that watches every waiting connection, and the queue of connections to look at.
#ifndef WEB_POLLER_H
#define WEB_POLLER_H

#include "connection.h"

#include <limits>
#include <mutex>

namespace web {

/// One per process. Any thread may call anything; only Listen calls take() and wait().
///
/// A connection is registered once, edge-triggered, and stays registered until it is closed. The queue holds
/// connections that are held (see connection.h) on Listen's behalf: it will read from each without waiting for an
/// event.
class Poller {
public:
  Poller();
  Poller(const Poller &) = delete;

  /// 0 or the errno value that kept the poller from being made.
  int error() const { return failure; }

  /// Starts watching a new connection; false leaves errno.
  bool watch(Connection &c);

  /// Starts or stops watching a listening socket.
  bool watchListener(int fd);
  void unwatchListener(int fd);

  /// Puts a held connection at the end of the queue and wakes Listen if it sleeps.
  void enqueue(Connection &c);

  /// Takes the first connection of the queue, null if it is empty.
  Connection *take();

  /// Waits until something happens, and enqueues the connections that it happened to.
  void wait();

  /// Makes wait() look at deadlines no later than at `deadline`.
  void lookBy(int64_t deadline);

  /// Tells that a descriptor has become free.
  void connectionClosed();

  /// From now on nobody may wait for a client to begin a request. Called again, it looks for newly waiting ones.
  void stop();
  bool stopping() const { return stopped.load(std::memory_order_relaxed); }

private:
  void wake();
  int timeout();
  void lookAtDeadlines(int64_t now);
  void closeIdle(int64_t now);

  static constexpr int64_t never = std::numeric_limits<int64_t>::max();

  int failure = 0;
  int epoll = -1;
  int wakeup = -1;
  std::atomic<bool> sleeping{false}; // ordered by the mutex: see enqueue() and wait()
  std::atomic<bool> stopped{false};
  std::atomic<int64_t> nextLook{never};
  std::atomic<int64_t> nextCloseIdle{0};
  std::mutex mutex;
  Connection *first = nullptr; // guarded by mutex, as is `last`
  Connection *last = nullptr;
};

Poller &poller();

} // namespace web

#endif // WEB_POLLER_H
