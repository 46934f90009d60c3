/// authority.h - the host and the port that a Host field or a target names.
#ifndef FLUX_NET_HTTP_AUTHORITY_H
#define FLUX_NET_HTTP_AUTHORITY_H

#include <stdint.h>
#include <string_view>

namespace flux::http {

struct Authority {
  std::string_view host; ///< with the brackets if it is an address of IPv6
  int32_t port = -1;     ///< -1 if none is named
};

/// Takes `text` apart. False if it is no `host [":" port]` of RFC 3986, 3.2: user names are refused as RFC 9110, 4.2.4
/// wants, empty hosts by 4.2.1. Refused beyond the grammar: commas, which join repeated fields; empty labels, since
/// "." and ".." are directories where hosts have directories; versions of addresses that do not exist; ports that TCP
/// does not have; more than longestHost bytes.
bool parseAuthority(std::string_view text, Authority &authority);

} // namespace flux::http

#endif // FLUX_NET_HTTP_AUTHORITY_H
