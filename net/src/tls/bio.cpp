/// bio.cpp - how OpenSSL gets at the socket.
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

namespace flux::net::tls {

namespace {

/// Sends as much as the kernel takes. Returns how much, or a negative errno value.
ssize_t sendSome(int fd, const char *data, size_t size) {
  for (;;) {
    const ssize_t sent = send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 || errno != EINTR)
      return sent >= 0 ? sent : -errno;
  }
}

/// Keeps a copy behind what is held. False without memory.
bool hold(TlsSession &s, const char *data, size_t size) {
  auto *grown = static_cast<char *>(realloc(s.held, s.heldEnd + size));
  if (!grown)
    return false;
  memcpy(grown + s.heldEnd, data, size);
  s.held = grown;
  s.heldEnd += size;
  s.holds = true;
  return true;
}

int write(BIO *bio, const char *data, size_t size, size_t *written) {
  auto &s = *static_cast<TlsSession *>(BIO_get_data(bio));
  ssize_t sent = s.holds ? 0 : sendSome(s.fd, data, size);
  if (sent == -EAGAIN)
    sent = 0;
  const auto taken = static_cast<size_t>(sent < 0 ? 0 : sent);
  *written = size;
  return sent >= 0 && (taken == size || hold(s, data + taken, size - taken));
}

int read(BIO *bio, char *data, size_t size, size_t *count) {
  auto &s = *static_cast<TlsSession *>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  ssize_t got;
  do
    got = recv(s.fd, data, size, MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  s.drained = got < 0 || static_cast<size_t>(got) < size;
  if (got < 0 && errno == EAGAIN)
    BIO_set_retry_read(bio);
  else if (got <= 0)
    s.ended = true;
  if (got <= 0)
    return 0;
  s.heard = true;
  *count = static_cast<size_t>(got);
  return 1;
}

long control(BIO *bio, int command, long, void *) {
  const auto &s = *static_cast<const TlsSession *>(BIO_get_data(bio));
  switch (command) {
  case BIO_CTRL_FLUSH: // what is held is as good as sent
    return 1;
  case BIO_CTRL_EOF:
    return s.ended;
  default:
    return 0;
  }
}

BIO_METHOD *method = nullptr; // of all sessions

} // namespace

bool prepareBios() {
  if (method)
    return true;
  method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "flux/net");
  return method && BIO_meth_set_write_ex(method, write) == 1 && BIO_meth_set_read_ex(method, read) == 1 &&
         BIO_meth_set_ctrl(method, control) == 1;
}

BIO *makeBio(TlsSession &s) {
  BIO *bio = BIO_new(method);
  if (!bio)
    return nullptr;
  BIO_set_data(bio, &s);
  BIO_set_init(bio, 1);
  return bio;
}

ssize_t sendHeld(TlsSession &s) {
  while (s.heldBegin < s.heldEnd) {
    const ssize_t sent = sendSome(s.fd, s.held + s.heldBegin, s.heldEnd - s.heldBegin);
    if (sent < 0)
      return sent;
    s.heldBegin += static_cast<size_t>(sent);
  }
  free(s.held);
  s.held = nullptr;
  s.heldBegin = s.heldEnd = 0;
  s.holds = false;
  return 0;
}

} // namespace flux::net::tls
