/// stream.h - a request of HTTP/2, and its answer.
#ifndef FLUX_NET_HTTP2_STREAM_H
#define FLUX_NET_HTTP2_STREAM_H

#include "session.h"

namespace flux::http2 {

/// What is left to be sent of a body.
struct Outgoing {
  const char *bytes = nullptr; // the caller's, or a copy
  char *copy = nullptr;
  int file = -1;
  uint64_t at = 0; // in the file
  uint64_t left = 0;
  bool isLast = true; // nothing follows
};

/// Guarded by the output's lock but for what is its flow's as in every exchange. Freed when neither client nor flow
/// have it.
struct Stream : http::Exchange {
  Stream(Session &session, int32_t id);

  net::Arrival arrival = {};
  Session &session;
  const int32_t id;
  Stream *previous = nullptr, *next = nullptr; // of the session
  Stream *nextRefused = nullptr, *nextDelayed = nullptr;
  net::Condition changed; // what its flow waits for
  bool isOpen = true;     // the client has it
  bool hasFlow = true;    // or will have one
  bool isWaiting = false; // its flow, for the client

  // The body of the request.
  char *bytes = nullptr;
  uint32_t begin = 0, end = 0, capacity = 0;
  uint64_t received = 0;
  bool inputEnded = false, isTooLong = false;

  // That of the answer.
  Outgoing out;
  size_t headLength = 0;
  Deadline takeBy = 0; // as the output's, but for windows
  bool outputEnded = false;

  /// Takes the memory that the request lies in.
  void keepHead(char *text, size_t length);

  /// Waits with the lock open until `done`, at most until `deadline` and takeBy. Returns 0, ETIMEDOUT, or ECONNRESET if
  /// that never will be.
  template <typename Done> int await(Deadline deadline, Done done);

  /// Something has happened that its flow may wait for.
  void notify() {
    if (isWaiting)
      changed.notify();
  }

  /// Keeps some of the request's body.
  void receive(const uint8_t *data, size_t size);

  /// Forgets what there is of it.
  void dropInput();

  /// Something waits to be sent from now on, or is on its way.
  void beginSending();
  void noteSent(size_t bytes);
  void endSending();

  /// Gives up what has not been sent.
  void dropOutput();

  void reset(uint32_t error);

private:
  void awaitOnce(Deadline deadline);
};

template <typename Done> int Stream::await(Deadline deadline, Done done) {
  if (done())
    return 0;
  int error = 0;
  isWaiting = true;
  ++session.waiters;
  while (error == 0 && !done()) {
    const Deadline by = takeBy != 0 && takeBy < deadline ? takeBy : deadline;
    if (!isOpen || session.isDead())
      error = ECONNRESET;
    else if (by <= net::nowMs())
      error = ETIMEDOUT;
    else
      awaitOnce(by);
  }
  isWaiting = false;
  --session.waiters;
  session.appointLeader();
  return error;
}

/// How a stream carries a request and its answer.
extern const http::Carrier kStreamCarrier;

/// The flow of a stream has ended, or it is one that will have none.
void endOfFlow(flux_owned *owned, int error);

/// The client has a stream no more. Frees it if no flow has it either.
void closeStream(Stream &stream);

/// Reads for nghttp2 what a stream sends.
ssize_t readOutgoing(nghttp2_session *frames, int32_t id, uint8_t *buffer, size_t size, uint32_t *flags,
                     nghttp2_data_source *source, void *session);

} // namespace flux::http2

#endif // FLUX_NET_HTTP2_STREAM_H
