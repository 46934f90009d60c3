#include "http/authority.h"
#include "http/characters.h"
#include "http/limits.h"

#include <arpa/inet.h>

namespace flux::http {
namespace {

/// True for "[...]" around an address of IPv6.
bool isBracketed(std::string_view host) {
  char text[INET6_ADDRSTRLEN] = {};
  in6_addr address;
  host.remove_prefix(1);
  host.remove_suffix(1);
  if (host.size() >= sizeof text)
    return false;
  memcpy(text, host.data(), host.size());
  return inet_pton(AF_INET6, text, &address) == 1;
}

bool isName(std::string_view host) {
  if (host.empty() || host[0] == '.')
    return false;
  for (size_t i = 0; i < host.size(); ++i) {
    if (isIn(host[i], hostSet)) {
      if (host[i] == '.' && i + 1 < host.size() && host[i + 1] == '.')
        return false;
    } else if (host[i] == '%' && i + 2 < host.size() && isIn(host[i + 1], hexDigitSet) &&
               isIn(host[i + 2], hexDigitSet)) {
      i += 2;
    } else {
      return false;
    }
  }
  return true;
}

/// Reads "" or ":" and digits.
bool parsePort(std::string_view text, int32_t &port) {
  if (text.empty())
    return true;
  if (text[0] != ':')
    return false;
  for (char c : behind(text, 1)) {
    if (!isIn(c, digitSet))
      return false;
    port = (port < 0 ? 0 : port * 10) + (c - '0');
    if (port > UINT16_MAX)
      return false;
  }
  return true;
}

} // namespace

bool parseAuthority(std::string_view text, Authority &authority) {
  const bool bracketed = !text.empty() && text[0] == '[';
  const size_t stop = text.find(bracketed ? ']' : ':');
  if (bracketed && stop == std::string_view::npos)
    return false;
  authority.host = upTo(text, bracketed ? stop + 1 : stop);
  authority.port = -1;
  if (authority.host.size() > longestHost || !(bracketed ? isBracketed(authority.host) : isName(authority.host)))
    return false;
  return parsePort(behind(text, authority.host.size()), authority.port);
}

} // namespace flux::http
