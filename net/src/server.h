/// server.h - a listening server: its options, its sockets, and a poller for each copy of its source.
#ifndef FLUX_NET_SERVER_H
#define FLUX_NET_SERVER_H

#include "address_counts.h"
#include "addresses.h"
#include "flux/net.h"
#include "mutex.h"

#include <atomic>
#include <stddef.h>

namespace flux::net {

struct Layer;
class Poller;

/// Set up in flux_init, constant afterwards but for what is atomic.
struct Server {
  flux_net_options options;       // with the defaults filled in
  size_t copies;                  // of the source
  Sockets *sockets;               // of each copy; none if it does not listen
  std::atomic<Poller *> *pollers; // made when they are first asked for, under the mutex
  Mutex mutex;
  Server *door; // which accepts its connections, and counts them: this one, or another
  size_t maxConnections;
  const Layer *layer; // what is spoken; null: messages as the options say
  std::atomic<size_t> connections;
  AddressCounts addresses;

  /// The poller of a copy, made if there is none yet; null after a message. Any thread.
  Poller *pollerOf(size_t copy);
};

/// Whether flux_net_broadcast() is linked, or its like, whose meaning is one process.
extern bool needsOneProcess;

class Parcel;

/// Sends it to all connections of the server that are in the group, or to all if that is 0. Returns how many got it.
size_t broadcast(const Server &server, uint64_t group, Parcel &parcel);

/// flux_net_listen() for a layer, which its protocol has already looked at the options for.
flux_net_server *listenFor(const Layer *layer, const char *addresses, const flux_net_options &options);

/// The same for a layer whose connections another server accepts; see adopt().
flux_net_server *serveBehind(Server &door, const Layer *layer, const flux_net_options &options);

} // namespace flux::net

struct flux_net_server : flux::net::Server {};

#endif // FLUX_NET_SERVER_H
