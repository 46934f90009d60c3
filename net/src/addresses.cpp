#include "addresses.h"

#include "message.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace flux::net {

namespace {

/// One of a list of addresses, in words of its own.
struct Address {
  char host[256];
  char port[16];
};

constexpr const char *kUnix = "unix:";

/// Which part of a shared port's address the socket is.
enum class Place { First, Beside };

/// Binds and, unless for datagrams, listens; returns 0 or an errno value. The first socket of an address allows others
/// beside it only once it has the address: so a port that somebody else has is still an error.
int bindTo(int fd, const sockaddr *address, socklen_t length, bool both, Use use, Place place) {
  const int on = 1, only = !both;
  const bool isNet = address->sa_family != AF_UNIX;
  if (isNet && use.type == SOCK_STREAM) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // accepted sockets inherit it
  }
  if (address->sa_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  const bool shares = isNet && use.isShared;
  if (shares && place == Place::Beside && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    return errno;
  if (bind(fd, address, length) != 0)
    return errno;
  if (shares && place == Place::First && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    return errno;
  return use.type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0 ? 0 : errno;
}

/// Returns 0 or an errno value.
int openSocket(const sockaddr *address, socklen_t length, bool both, Use use, Place place, Sockets &sockets) {
  const int fd = socket(address->sa_family, use.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  int error = bindTo(fd, address, length, both, use, place);
  if (error == 0 && !sockets.add(fd))
    error = ENOMEM;
  if (error != 0)
    close(fd);
  return error;
}

/// Opens a Unix socket; one that nobody listens on any more gives way. Returns null or what is wrong.
const char *openUnix(const char *path, Use use, Sockets &sockets) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path)
    return "the path is too long";
  memcpy(address.sun_path, path, strlen(path));
  const auto *name = reinterpret_cast<const sockaddr *>(&address);
  int error = openSocket(name, sizeof address, false, use, Place::First, sockets);
  struct stat status;
  if (error == EADDRINUSE && lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
    const int probe = socket(AF_UNIX, use.type | SOCK_CLOEXEC, 0);
    if (probe >= 0 && connect(probe, name, sizeof address) != 0 && errno == ECONNREFUSED && unlink(path) == 0)
      error = openSocket(name, sizeof address, false, use, Place::First, sockets);
    close(probe);
  }
  return error != 0 ? strerror(error) : nullptr;
}

/// Listens on everything that the host stands for. Returns null or what is wrong.
const char *openHost(const char *host, const char *port, bool both, Use use, Sockets &sockets) {
  addrinfo hints = {}, *found = nullptr;
  hints.ai_socktype = use.type;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (const int error = getaddrinfo(host, port, &hints, &found))
    return gai_strerror(error);
  int error = 0;
  for (const addrinfo *at = found; at && error == 0; at = at->ai_next)
    error = openSocket(at->ai_addr, at->ai_addrlen, both, use, Place::First, sockets);
  freeaddrinfo(found);
  return error != 0 ? strerror(error) : nullptr;
}

const char *openAddress(const Address &address, Use use, Sockets &sockets) {
  if (strcmp(address.host, "*") != 0)
    return openHost(address.host, address.port, false, use, sockets);
  // One socket takes IPv4 and IPv6; a kernel without IPv6 gets one for IPv4.
  if (!openHost("::", address.port, true, use, sockets))
    return nullptr;
  return openHost("0.0.0.0", address.port, false, use, sockets);
}

bool isPort(const char *text) {
  char *end;
  const long number = strtol(text, &end, 10);
  return *text >= '0' && *text <= '9' && *end == '\0' && number <= 65535 && end - text <= 5;
}

/// Splits HOST:PORT and [IPV6]:PORT. Returns null or what is wrong.
const char *split(const char *text, Address &address) {
  const char *colon = strrchr(text, ':');
  if (!colon || !isPort(colon + 1))
    return "expected HOST:PORT, [IPV6]:PORT, *:PORT or unix:PATH";
  auto length = static_cast<size_t>(colon - text);
  const bool isBracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';
  if (isBracketed)
    ++text, length -= 2;
  if (length == 0 || length >= sizeof address.host || (!isBracketed && memchr(text, ':', length)))
    return "expected HOST:PORT, [IPV6]:PORT, *:PORT or unix:PATH";
  memcpy(address.host, text, length);
  address.host[length] = '\0';
  memcpy(address.port, colon + 1, strlen(colon)); // its zero, too
  return nullptr;
}

/// What a port of 0 stands for: the one that the first socket has got.
void choosePort(Address &address, const Sockets &sockets) {
  if (strcmp(address.port, "0") != 0)
    return;
  for (size_t i = 0; i < sockets.count; ++i)
    if (const int port = portOf(sockets.fds[i])) {
      snprintf(address.port, sizeof address.port, "%d", port);
      return;
    }
}

const char *openOne(const char *text, Use use, Sockets &sockets) {
  if (strncmp(text, kUnix, strlen(kUnix)) == 0)
    return openUnix(text + strlen(kUnix), use, sockets);
  Address address;
  if (const char *wrong = split(text, address))
    return wrong;
  choosePort(address, sockets);
  return openAddress(address, use, sockets);
}

} // namespace

bool Sockets::add(int fd) {
  auto *grown = static_cast<int *>(realloc(fds, (count + 1) * sizeof(int)));
  if (!grown)
    return false;
  fds = grown;
  fds[count++] = fd;
  return true;
}

bool openAddresses(const char *list, Use use, Sockets &sockets) {
  char *copy = strdup(list), *rest = copy;
  bool ok = copy != nullptr;
  while (char *text = ok ? strsep(&rest, ",") : nullptr) {
    if (const char *wrong = openOne(text, use, sockets)) {
      complain("cannot listen on '%s': %s", text, wrong);
      ok = false;
    }
  }
  free(copy);
  return ok;
}

bool openBeside(const Sockets &first, Use use, Sockets &sockets) {
  for (size_t i = 0; i < first.count; ++i) {
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    auto *name = reinterpret_cast<sockaddr *>(&address);
    int only = 0, error = 0;
    socklen_t size = sizeof only;
    if (getsockname(first.fds[i], name, &length) != 0)
      error = errno;
    else if (address.ss_family == AF_UNIX)
      error = sockets.add(first.fds[i]) ? 0 : ENOMEM;
    else {
      getsockopt(first.fds[i], IPPROTO_IPV6, IPV6_V6ONLY, &only, &size);
      error = openSocket(name, length, !only, use, Place::Beside, sockets);
    }
    if (error != 0) {
      complain("cannot listen on a further socket: %s", strerror(error));
      return false;
    }
  }
  return true;
}

int portOf(int fd) {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length);
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6 &>(address).sin6_port);
  return address.ss_family == AF_INET ? ntohs(reinterpret_cast<const sockaddr_in &>(address).sin_port) : 0;
}

} // namespace flux::net
