/// layer.h - what a protocol on top of connections does, HTTP for example.
#ifndef FLUX_NET_LAYER_H
#define FLUX_NET_LAYER_H

#include "connection.h"

namespace flux::net {

/// Called by the holder of a connection. None may block but `end`.
struct Layer {
  /// In the place of Input::find(). `message.taken` bytes are the message's until its flow has ended.
  Found (*find)(Connection &c, Message &message);

  /// What has arrived is invalid, or too long. It may post an answer; then the connection is closed.
  void (*refuse)(Connection &c);

  /// A message has not arrived in time. Likewise.
  void (*expire)(Connection &c);

  /// The flow of a message has ended, with an error that nobody took or 0. Returns what is to become of the connection.
  Ending (*end)(Connection &c, int error);

  /// The connection has no input any more. What the layer need not know to go on is given back.
  void (*rest)(Connection &c);

  /// The connection is closed. The same for all of it.
  void (*close)(Connection &c);

  /// The client has sent nothing for `idle_ms`. Returns whether the connection lives on, with another deadline. Null:
  /// no.
  bool (*linger)(Connection &c);

  /// The server stops, and the client has begun no message. It may post a last word. Null: it does not.
  void (*leave)(Connection &c);

  /// Whether a connection does not begin another message while anything is queued for its client.
  bool takesTurns;

  /// Hands have been shaken: it may be another protocol that is spoken, by streams. False without
  /// memory. Null: it may not.
  bool (*open)(Connection &c);
};

} // namespace flux::net

#endif // FLUX_NET_LAYER_H
