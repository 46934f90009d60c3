/// addresses.h - sockets for addresses as users write them.
#ifndef FLUX_NET_ADDRESSES_H
#define FLUX_NET_ADDRESSES_H

#include <stddef.h>
#include <sys/socket.h>

namespace flux::net {

/// Sockets, of one process.
struct Sockets {
  int *fds = nullptr;
  size_t count = 0;

  /// False without memory.
  bool add(int fd);
};

/// What sockets are for.
struct Use {
  int type;      // SOCK_STREAM, which listen, or SOCK_DGRAM
  bool isShared; // others will be bound beside them (SO_REUSEPORT)
};

/// Opens sockets for a list of addresses (see flux_net_listen()), which do not block. False after a message; what was
/// opened stays open.
bool openAddresses(const char *list, Use use, Sockets &sockets);

/// Opens sockets beside those of `first`: of their own for those that have an address of the network, the same ones for
/// others. False after a message.
bool openBeside(const Sockets &first, Use use, Sockets &sockets);

/// The port of a socket, 0 if it has none.
int portOf(int fd);

} // namespace flux::net

#endif // FLUX_NET_ADDRESSES_H
