/// address_counts.h - how many connections each address has.
#ifndef FLUX_NET_ADDRESS_COUNTS_H
#define FLUX_NET_ADDRESS_COUNTS_H

#include "mutex.h"

#include <stdint.h>
#include <sys/socket.h>

namespace flux::net {

/// Of one address; it is there as long as it has any.
struct AddressCount;

class AddressCounts {
public:
  /// Counts one more for the address, unless that are `limit` already or memory is short: then null. Any thread.
  AddressCount *add(const sockaddr_storage &address, uint32_t limit);

  /// Takes that back.
  void remove(AddressCount *count);

private:
  Mutex mutex;
  void *tree = nullptr; // of tsearch()
};

} // namespace flux::net

#endif // FLUX_NET_ADDRESS_COUNTS_H
