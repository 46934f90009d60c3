/// interpose_names.cpp - calls that look names up. What libc does for that - files, sockets, modules that it loads - is
/// its own business and is not made of calls that could be interposed, so a helper makes the call as a whole.
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"

namespace flux {

void linkNames() {}

namespace {

/// Makes a call that says in h_errno, which is a thread's, what went wrong. What it returns is the process's.
template <typename F> auto lookUp(F call) {
  int error = h_errno;
  const auto found = lookupHelpers.make([&] {
    const auto result = call();
    error = h_errno;
    return result;
  });
  h_errno = error;
  return found;
}

} // namespace

} // namespace flux

using namespace flux;

int getaddrinfo(const char *node, const char *service, const addrinfo *hints, addrinfo **results) {
  return lookupHelpers.make([=] { return real::getaddrinfo(node, service, hints, results); });
}

int getnameinfo(const sockaddr *address, socklen_t length, char *host, socklen_t hostSize, char *service,
                socklen_t serviceSize, int flags) {
  return lookupHelpers.make(
      [=] { return real::getnameinfo(address, length, host, hostSize, service, serviceSize, flags); });
}

hostent *gethostbyname(const char *name) {
  return lookUp([=] { return real::gethostbyname(name); });
}

hostent *gethostbyname2(const char *name, int family) {
  return lookUp([=] { return real::gethostbyname2(name, family); });
}

hostent *gethostbyaddr(const void *address, socklen_t length, int type) {
  return lookUp([=] { return real::gethostbyaddr(address, length, type); });
}

int gethostbyname_r(const char *name, hostent *entry, char *buffer, size_t size, hostent **result, int *error) {
  return lookupHelpers.make([=] { return real::gethostbyname_r(name, entry, buffer, size, result, error); });
}

int gethostbyname2_r(const char *name, int family, hostent *entry, char *buffer, size_t size, hostent **result,
                     int *error) {
  return lookupHelpers.make([=] { return real::gethostbyname2_r(name, family, entry, buffer, size, result, error); });
}

int gethostbyaddr_r(const void *address, socklen_t length, int type, hostent *entry, char *buffer, size_t size,
                    hostent **result, int *error) {
  return lookupHelpers.make(
      [=] { return real::gethostbyaddr_r(address, length, type, entry, buffer, size, result, error); });
}

// The resolver's own calls. Those without a state take the one of the thread that makes the call (_res).
int res_query(const char *name, int space, int type, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_query(name, space, type, answer, size); });
}

int res_search(const char *name, int space, int type, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_search(name, space, type, answer, size); });
}

int res_querydomain(const char *name, const char *domain, int space, int type, unsigned char *answer,
                    int size) noexcept {
  return lookUp([=] { return real::res_querydomain(name, domain, space, type, answer, size); });
}

int res_send(const unsigned char *question, int length, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_send(question, length, answer, size); });
}

int res_nquery(res_state state, const char *name, int space, int type, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_nquery(state, name, space, type, answer, size); });
}

int res_nsearch(res_state state, const char *name, int space, int type, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_nsearch(state, name, space, type, answer, size); });
}

int res_nquerydomain(res_state state, const char *name, const char *domain, int space, int type, unsigned char *answer,
                     int size) noexcept {
  return lookUp([=] { return real::res_nquerydomain(state, name, domain, space, type, answer, size); });
}

int res_nsend(res_state state, const unsigned char *question, int length, unsigned char *answer, int size) noexcept {
  return lookUp([=] { return real::res_nsend(state, question, length, answer, size); });
}
