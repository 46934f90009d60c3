#include "address_counts.h"

#include <netinet/in.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

namespace flux::net {

struct AddressCount {
  in6_addr address;
  uint32_t connections;
};

namespace {

/// IPv4 in its place among the addresses of IPv6. A client of IPv6 has a network of 2^64 addresses for itself, which
/// count as one.
in6_addr keyOf(const sockaddr_storage &address) {
  in6_addr key = {};
  if (address.ss_family == AF_INET) {
    memset(&key.s6_addr[10], 0xff, 2);
    memcpy(&key.s6_addr[12], &reinterpret_cast<const sockaddr_in &>(address).sin_addr, 4);
  } else if (address.ss_family == AF_INET6) {
    key = reinterpret_cast<const sockaddr_in6 &>(address).sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(&key))
      memset(&key.s6_addr[8], 0, 8);
  }
  return key;
}

int compare(const void *left, const void *right) {
  return memcmp(&static_cast<const AddressCount *>(left)->address, &static_cast<const AddressCount *>(right)->address,
                sizeof(in6_addr));
}

} // namespace

AddressCount *AddressCounts::add(const sockaddr_storage &address, uint32_t limit) {
  const AddressCount wanted = {keyOf(address), 0};
  const Locked lock(mutex);
  void *found = tfind(&wanted, &tree, compare);
  if (!found) {
    auto *added = static_cast<AddressCount *>(malloc(sizeof(AddressCount)));
    if (!added)
      return nullptr;
    *added = wanted;
    found = tsearch(added, &tree, compare);
    if (!found) {
      free(added);
      return nullptr;
    }
  }
  AddressCount *count = *static_cast<AddressCount **>(found);
  if (count->connections >= limit)
    return nullptr;
  ++count->connections;
  return count;
}

void AddressCounts::remove(AddressCount *count) {
  const Locked lock(mutex);
  if (--count->connections > 0)
    return;
  tdelete(count, &tree, compare);
  free(count);
}

} // namespace flux::net
