/// receive.h - reading from a connection.
#ifndef FLUX_NET_RECEIVE_H
#define FLUX_NET_RECEIVE_H

#include "connection.h"

namespace flux::net {

enum class Received {
  Whole,   ///< a message is there
  Part,    ///< everything that had arrived is read
  Refused, ///< what has arrived is no message, or too long
  Closed   ///< the client is gone, or has closed its side without a further message
};

/// Reads once, as recv() without waiting, but returns a negative errno value. For the holder.
ssize_t receiveSome(Connection &c, void *data, size_t size);

/// Reads what the client has sent, up to a whole message. Never blocks. For the holder, in the source.
Received receive(Connection &c, Message &message);

} // namespace flux::net

#endif // FLUX_NET_RECEIVE_H
