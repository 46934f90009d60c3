// listeners.cpp - the listening sockets and accepting from them.
#include "listeners.h"
#include "options.h"
#include "poller.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace web {
namespace {

std::vector<std::vector<int>> opened; // for each poller
size_t maxConnections;                // of a poller

/// Raises the limit of descriptors as far as it goes and divides them up: some for the server itself and for files
/// being opened, some for cached files, the rest for connections. Pollers have equal shares.
bool planDescriptors(size_t pollers) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  size_t count = std::min<rlim_t>(limit.rlim_cur, 1 << 20);
  constexpr size_t reserve = 32;
  if (count < 2 * reserve) {
    fprintf(stderr, "web: needs at least %zu file descriptors, but 'ulimit -n' allows %zu\n", 2 * reserve, count);
    return false;
  }
  size_t cached = std::min<size_t>((count - reserve) / 4, 1024);
  Cache::limit(options().cacheBytes / static_cast<int64_t>(pollers), cached / pollers);
  maxConnections = (count - reserve - cached) / pollers;
  if (!makeTable(count)) {
    fprintf(stderr, "web: out of memory\n");
    return false;
  }
  return true;
}

/// Binds and listens; returns 0 or an errno value. The first socket of an address allows others beside it only once it
/// has the address: so a port that somebody else has is still an error.
int bindAndListen(int fd, const sockaddr *address, socklen_t length, bool both, bool isFirst) {
  int on = 1, only = !both;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Accepted sockets inherit it.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (address->sa_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  if (!isFirst && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    return errno;
  if (bind(fd, address, length) != 0)
    return errno;
  if (isFirst && opened.size() > 1 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    return errno;
  return listen(fd, SOMAXCONN) == 0 ? 0 : errno;
}

/// Returns a listening socket or a negative errno value.
int listenOn(const sockaddr *address, socklen_t length, bool both, bool isFirst) {
  int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  if (int error = bindAndListen(fd, address, length, both, isFirst)) {
    close(fd);
    return -error;
  }
  return fd;
}

/// Returns another socket that listens where `first` does, or a negative errno value.
int listenBeside(int first) {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  int only = 0;
  socklen_t size = sizeof only;
  auto *name = reinterpret_cast<sockaddr *>(&address);
  if (getsockname(first, name, &length) != 0)
    return -errno;
  getsockopt(first, IPPROTO_IPV6, IPV6_V6ONLY, &only, &size);
  return listenOn(name, length, !only, false);
}

std::string portOf(int fd) {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length);
  in_port_t port = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 *>(&address)->sin6_port
                                                 : reinterpret_cast<sockaddr_in *>(&address)->sin_port;
  return std::to_string(ntohs(port));
}

/// Listens on everything that `host` stands for. `port` becomes the real one when it was 0.
/// Returns 0 or a message.
const char *openHost(const char *host, bool both, std::string &port) {
  addrinfo hints = {}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (int error = getaddrinfo(host, port.c_str(), &hints, &found))
    return gai_strerror(error);
  int error = 0;
  for (const addrinfo *where = found; where && !error; where = where->ai_next) {
    uint16_t number = htons(static_cast<uint16_t>(std::stoi(port)));
    if (where->ai_family == AF_INET6)
      reinterpret_cast<sockaddr_in6 *>(where->ai_addr)->sin6_port = number;
    else
      reinterpret_cast<sockaddr_in *>(where->ai_addr)->sin_port = number;
    int fd = listenOn(where->ai_addr, where->ai_addrlen, both, true);
    if (fd < 0) {
      error = -fd;
    } else {
      opened[0].push_back(fd);
      port = portOf(fd);
    }
  }
  freeaddrinfo(found);
  return error ? strerror(error) : nullptr;
}

} // namespace

/// Opens for each further poller what the first one has.
static bool openFurther() {
  for (size_t i = 1; i < opened.size(); ++i) {
    for (int first : opened[0]) {
      int fd = listenBeside(first);
      if (fd < 0) {
        fprintf(stderr, "web: cannot listen on a further socket: %s\n", strerror(-fd));
        return false;
      }
      opened[i].push_back(fd);
    }
  }
  return true;
}

bool openListeners(int pollers) {
  opened.resize(static_cast<size_t>(pollers));
  if (!planDescriptors(static_cast<size_t>(pollers)))
    return false;
  std::string port = options().port;
  std::string shown = "localhost";
  if (options().addresses.empty()) {
    // One socket takes IPv4 and IPv6; a kernel without IPv6 gets one for IPv4.
    const char *error = openHost("::", true, port);
    if (error && (error = openHost("0.0.0.0", false, port))) {
      fprintf(stderr, "web: cannot listen on port %s: %s\n", port.c_str(), error);
      return false;
    }
  }
  for (const std::string &address : options().addresses) {
    if (const char *error = openHost(address.c_str(), false, port)) {
      fprintf(stderr, "web: cannot listen on %s port %s: %s\n", address.c_str(), port.c_str(), error);
      return false;
    }
    shown = address.find(':') == std::string::npos ? address : "[" + address + "]";
  }
  if (!openFurther())
    return false;
  printf("serving %s at http://%s:%s/\n", options().root.c_str(), shown.c_str(), port.c_str());
  fflush(stdout);
  return true;
}

bool Listeners::open(Poller &poller) {
  sockets = opened[poller.number];
  for (int fd : sockets) {
    if (!poller.watchListener(fd)) {
      fprintf(stderr, "web: cannot wait for connections: %s\n", strerror(errno));
      return false;
    }
  }
  return true;
}

/// Accepts until nothing is left. False if descriptors or memory are at an end.
bool Listeners::acceptFrom(int listener, Poller &poller) {
  while (poller.openConnections() < maxConnections) {
    int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      if (Connection *c = openConnection(fd, poller)) {
        poller.lookAt(*c);
        continue;
      }
      ::close(fd);
      return false;
    }
    if (errno == EAGAIN || errno == EINVAL) // no more for now, or for good: see close()
      return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      return false;
    // Anything else is the end of a connection that had not been accepted yet.
  }
  return false;
}

void Listeners::accept(Poller &poller) {
  bool full = false;
  for (int listener : sockets) {
    size_t before = poller.openConnections();
    if ((full = !acceptFrom(listener, poller)))
      break;
    // The kernel wakes the first of the processes that watch a listener and sleep, in the order in which they began to
    // watch it: having had its share, this one goes to the end, or it would get nearly all connections.
    if (poller.openConnections() != before) {
      poller.unwatchListener(listener);
      poller.watchListener(listener);
    }
  }
  if (full == paused())
    return;
  pausing.store(full, std::memory_order_relaxed);
  for (int listener : sockets) {
    if (full)
      poller.unwatchListener(listener);
    else
      poller.watchListener(listener);
  }
}

void Listeners::close(Poller &poller) {
  for (int fd : sockets) {
    // Not left to close(): the socket lives on while another process has it, and would still be watched, and clients
    // would still be let in to whom nobody answers.
    poller.unwatchListener(fd);
    shutdown(fd, SHUT_RD);
    ::close(fd);
  }
  sockets.clear();
}

} // namespace web
