/// output.h - what is sent to a client, and what waits to be.
#ifndef FLUX_NET_OUTPUT_H
#define FLUX_NET_OUTPUT_H

#include "deadline.h"
#include "mutex.h"
#include "session.h"

#include <atomic>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct flux_net_connection;

namespace flux::net {

using Connection = flux_net_connection;

/// Bytes that any number of queues hold.
struct Shared {
  std::atomic<uint32_t> users;
  size_t size;
  char bytes[];
};

/// A place in a queue: shared bytes, or if these are null, some of a file, which is closed in the end.
struct Piece {
  Piece *next;
  Shared *shared;
  int file;
  int64_t at; // what is sent next
  size_t left;
};

/// Of a connection. The mutex guards all of it but the deadline, and that the descriptor is the connection's: who sends
/// or closes holds it. Zeroed memory is an empty one.
struct Output {
  Mutex mutex;
  Session *session; // null: the socket is written to as it is
  Piece *first, *last;
  size_t queued;                // bytes
  std::atomic<Deadline> takeBy; // when the client must have taken more; 0 while nothing waits for it
  bool writing;                 // its owner is in the middle of a message
  std::atomic<bool> broken;     // nothing can be sent any more; written under the mutex
  bool shut;                    // the program may not send yet, or not any more
  bool watched;                 // its poller watches the descriptor,
  bool watchedForRoom;          // and tells when there is room

  /// Whether all that was sent is the kernel's.
  bool isEmpty() const { return !first && !(session && session->holds); }
};

/// Bytes on the way to one or many connections, of which the first that cannot take them at once makes a copy for all.
class Parcel {
public:
  Parcel(const void *data, size_t size) : Parcel({const_cast<void *>(data), size}, {}) {}
  Parcel(iovec first, iovec second) : parts{first, second}, size(first.iov_len + second.iov_len) {}
  ~Parcel();
  Parcel(const Parcel &) = delete;
  Parcel &operator=(const Parcel &) = delete;

  /// Sends it to the connection, or leaves it in its queue. Returns 0, ENOBUFS or ENOTCONN. The output is locked.
  int post(Connection &c);

private:
  Shared *share();

  const iovec parts[2];
  const size_t size;
  Shared *shared = nullptr;
};

/// Leaves bytes of a file in the queue, and begins to send them; the file is closed in the end. The output is locked.
/// Returns 0 or ENOTCONN.
int postFile(Connection &c, int file, int64_t offset, size_t size);

/// Sends what is queued, as far as the client takes it at once. The output is locked.
void flush(Connection &c);

/// Sends all, waiting for the client; what is queued goes first. Returns 0 or an errno value. For the owner.
int writeAll(Connection &c, iovec *parts, int count);

/// The same for bytes of a file.
int sendFile(Connection &c, int file, int64_t offset, size_t size);

/// Goes on with the session's handshake. Returns 0 when it is over and the program may send, -EAGAIN if an event has to
/// happen first, or another negative errno value. The output is locked.
int openSession(Connection &c);

/// Says that nothing follows; all that was sent is the kernel's. Returns whether that is out as well. The output is
/// locked.
bool finish(Connection &c);

/// Ends the session, if there is one: from here on the socket is plain. The output is locked.
void endSession(Connection &c);

/// What a connection that is broken off does with what the kernel has for the client.
enum class Rest { Dropped, Sent };

/// Ends all sending and receiving; what is queued is lost. The output is locked.
void breakOff(Connection &c, Rest rest = Rest::Dropped);

/// Breaks it off if the client has not taken what it had to by `now`. Any thread.
void breakOffIfOverdue(Connection &c, Deadline now);

/// Throws away what is queued. The output is locked.
void clearQueue(Output &output);

} // namespace flux::net

#endif // FLUX_NET_OUTPUT_H
