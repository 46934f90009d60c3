/// server.h - a listening server: its options, its sockets, and a poller for each copy of its source.
#ifndef FLUX_NET_SERVER_H
#define FLUX_NET_SERVER_H

#include "address_counts.h"
#include "addresses.h"
#include "flux/net.h"

#include <atomic>
#include <stddef.h>

namespace flux::net {

struct Layer;
class Poller;

/// Set up in flux_init, constant afterwards but for what is atomic.
struct Server {
  flux_net_options options; // with the defaults filled in
  size_t copies;            // of the source
  Sockets *sockets;         // of each copy
  Poller **pollers;         // each made by its copy
  size_t maxConnections;
  const Layer *layer; // what is spoken; null: messages as the options say
  std::atomic<size_t> connections;
  AddressCounts addresses;
};

/// Whether flux_net_broadcast() is linked, whose meaning is one process.
extern bool needsOneProcess;

/// flux_net_listen() for a layer, which its protocol has already looked at the options for.
flux_net_server *listenFor(const Layer *layer, const char *addresses, const flux_net_options &options);

} // namespace flux::net

struct flux_net_server : flux::net::Server {};

#endif // FLUX_NET_SERVER_H
