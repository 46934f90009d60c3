/// server.cpp - flux_net_listen().
#include "server.h"

#include "connection.h"
#include "message.h"
#include "poller.h"

#include <errno.h>
#include <new>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace flux::net {

bool needsOneProcess = false;

namespace {

void fillIn(uint32_t &value, uint32_t fallback) {
  if (value == 0)
    value = fallback;
}

flux_net_options withDefaults(flux_net_options options) {
  constexpr uint32_t kKiB = 1024, kMiB = 1024 * kKiB, kSecond = 1000;
  fillIn(options.max_message, 64 * kKiB);
  fillIn(options.length_bytes, 4);
  fillIn(options.idle_ms, 60 * kSecond);
  fillIn(options.message_ms, 20 * kSecond);
  fillIn(options.send_ms, 20 * kSecond);
  fillIn(options.queue_bytes, kMiB);
  constexpr uint32_t kReserve = 32; // standard streams, listeners, pollers, and what flows open
  fillIn(options.other_descriptors, kReserve);
  return options;
}

/// What is wrong with the options; null if nothing is.
const char *findFault(const flux_net_options &options) {
  constexpr uint32_t kMostMessage = 1 << 30;
  if (options.frame < FLUX_NET_BYTES || options.frame > FLUX_NET_CONNECTION)
    return "no such frame";
  if (options.frame == FLUX_NET_CUSTOM && !options.find)
    return "FLUX_NET_CUSTOM needs 'find'";
  if (options.length_bytes != 1 && options.length_bytes != 2 && options.length_bytes != 4 && options.length_bytes != 8)
    return "length_bytes is 1, 2, 4 or 8";
  if (options.max_message > kMostMessage)
    return "max_message is at most 1 GiB";
  return nullptr;
}

/// Opens the sockets of all copies.
bool openSockets(Server &server, const char *addresses) {
  const Use use = {SOCK_STREAM, server.copies > 1};
  if (!openAddresses(addresses, use, server.sockets[0]))
    return false;
  for (size_t i = 1; i < server.copies; ++i)
    if (!openBeside(server.sockets[0], use, server.sockets[i]))
      return false;
  return true;
}

/// How many copies of its source there are; 0 after a message.
size_t countCopies(const flux_net_options &options) {
  if (!options.source)
    return 1;
  const int copies = flux_replicate(options.source);
  if (copies < 1)
    complain("the program has no source '%s'", options.source);
  return copies < 1 ? 0 : static_cast<size_t>(copies);
}

bool setUp(Server &server, const flux_net_options &options) {
  server.options = withDefaults(options);
  if (const char *fault = findFault(server.options)) {
    complain("cannot listen: %s", fault);
    return false;
  }
  if (needsOneProcess && flux_processes() > 1) {
    complain("the program sends to groups of connections, which are spread over %d processes on this model; choose "
             "another, or --flux-workers=1",
             flux_processes());
    return false;
  }
  const size_t descriptors = openTable(), reserve = server.options.other_descriptors;
  if (descriptors <= reserve) {
    complain("needs more than %zu descriptors, but 'ulimit -n' allows %zu", reserve, descriptors);
    return false;
  }
  const auto processes = static_cast<uint32_t>(flux_processes());
  server.maxConnections = descriptors - reserve;
  if (const uint32_t most = server.options.max_connections)
    server.maxConnections = (most + processes - 1) / processes;
  server.copies = countCopies(server.options);
  server.sockets = static_cast<Sockets *>(calloc(server.copies + 1, sizeof(Sockets)));
  server.pollers = static_cast<std::atomic<Poller *> *>(calloc(server.copies + 1, sizeof *server.pollers));
  return server.copies > 0 && server.sockets && server.pollers;
}

/// Makes one that does not listen yet; null after a message.
flux_net_server *makeServer(const Layer *layer, const flux_net_options &options) {
  void *memory = calloc(1, sizeof(flux_net_server));
  if (!memory) {
    complain("out of memory");
    return nullptr;
  }
  auto *server = new (memory) flux_net_server();
  server->layer = layer;
  server->door = server;
  if (setUp(*server, options))
    return server;
  free(memory);
  return nullptr;
}

} // namespace

Poller *Server::pollerOf(size_t copy) {
  // Acquire: pairs with the release below.
  if (Poller *made = pollers[copy].load(std::memory_order_acquire))
    return made;
  const Locked lock(mutex);
  if (Poller *made = pollers[copy].load(std::memory_order_relaxed))
    return made;
  void *memory = aligned_alloc(alignof(Poller), sizeof(Poller));
  auto *poller = memory ? new (memory) Poller(*this, static_cast<int>(copy)) : nullptr;
  const int error = poller ? poller->open() : ENOMEM;
  if (error != 0) {
    complain("cannot wait for connections: %s", strerror(error));
    free(memory);
    return nullptr;
  }
  pollers[copy].store(poller, std::memory_order_release);
  return poller;
}

flux_net_server *listenFor(const Layer *layer, const char *addresses, const flux_net_options &options) {
  flux_net_server *server = makeServer(layer, options);
  if (!server || openSockets(*server, addresses))
    return server;
  for (size_t i = 0; i < server->copies; ++i)
    for (size_t j = 0; j < server->sockets[i].count; ++j)
      close(server->sockets[i].fds[j]);
  free(static_cast<void *>(server));
  return nullptr;
}

flux_net_server *serveBehind(Server &door, const Layer *layer, const flux_net_options &options) {
  flux_net_server *server = makeServer(layer, options);
  if (server)
    server->door = &door;
  return server;
}

} // namespace flux::net

using namespace flux::net;

flux_net_server *flux_net_listen(const char *addresses, const flux_net_options *options) {
  return listenFor(nullptr, addresses, options ? *options : flux_net_options());
}

int flux_net_port(const flux_net_server *server) {
  const Sockets &sockets = server->sockets[0];
  for (size_t i = 0; i < sockets.count; ++i)
    if (const int port = portOf(sockets.fds[i]))
      return port;
  return 0;
}
