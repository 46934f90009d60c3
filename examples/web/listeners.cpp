// listeners.cpp - the listening sockets and accepting from them.
#include "listeners.h"
#include "document.h"
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

std::vector<int> listeners;
size_t maxConnections;
std::atomic<bool> paused{false};

/// Raises the limit of descriptors as far as it goes and divides them up: some for the server itself and for files
/// being opened, some for cached files, the rest for connections.
bool planDescriptors() {
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
  limitOpenDocuments(cached);
  maxConnections = count - reserve - cached;
  if (!makeTable(count)) {
    fprintf(stderr, "web: out of memory\n");
    return false;
  }
  return true;
}

/// Returns a listening socket or a negative errno value.
int listenOn(const addrinfo &where, bool both) {
  int fd = socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  int on = 1, only = !both;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Accepted sockets inherit it.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (where.ai_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  if (bind(fd, where.ai_addr, where.ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
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
    int fd = listenOn(*where, both);
    if (fd < 0) {
      error = -fd;
    } else {
      listeners.push_back(fd);
      port = portOf(fd);
    }
  }
  freeaddrinfo(found);
  return error ? strerror(error) : nullptr;
}

} // namespace

bool openListeners() {
  if (!planDescriptors())
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
  printf("serving %s at http://%s:%s/\n", options().root.c_str(), shown.c_str(), port.c_str());
  fflush(stdout);
  return true;
}

bool watchListeners() {
  for (int fd : listeners)
    if (!poller().watchListener(fd))
      return false;
  return true;
}

bool acceptPaused() { return paused.load(std::memory_order_relaxed); }

void acceptConnections() {
  bool full = false;
  for (int listener : listeners) {
    size_t before = openConnections();
    while (!(full = openConnections() >= maxConnections)) {
      int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) {
        Connection *c = openConnection(fd);
        if (c && poller().watch(*c))
          continue;
        if (c && claimOverdue(fd, c->deadline))
          closeConnection(*c);
        else if (!c)
          close(fd);
        full = true;
        break;
      }
      if (errno == EAGAIN || errno == EINVAL) // no more for now, or for good: see closeListeners()
        break;
      full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      if (full)
        break;
      // Anything else is the end of a connection that had not been accepted yet.
    }
    if (full)
      break;
    // The kernel wakes the first of the processes that watch a listener and sleep, in the order in which they began to
    // watch it: having had its share, this one goes to the end, or it would get nearly all connections.
    if (openConnections() != before) {
      poller().unwatchListener(listener);
      poller().watchListener(listener);
    }
  }
  if (full == acceptPaused())
    return;
  paused.store(full, std::memory_order_relaxed);
  for (int listener : listeners) {
    if (full)
      poller().unwatchListener(listener);
    else
      poller().watchListener(listener);
  }
}

void closeListeners() {
  for (int fd : listeners) {
    // Not left to close(): the socket lives on while another process has it, and would still be watched, and clients
    // would still be let in to whom nobody answers.
    poller().unwatchListener(fd);
    shutdown(fd, SHUT_RD);
    close(fd);
  }
  listeners.clear();
}

} // namespace web
