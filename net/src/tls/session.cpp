#include "session.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace flux::net::tls {

namespace {

/// What one record takes.
constexpr size_t kRecord = SSL3_RT_MAX_PLAIN_LENGTH;

TlsSession &of(Session &session) { return static_cast<TlsSession &>(session); }

/// The connection is good for nothing any more.
int fail(TlsSession &s, int error) {
  s.failed = true;
  ERR_clear_error();
  return -error;
}

void destroy(Session &session) {
  TlsSession &s = of(session);
  SSL_free(s.ssl);
  if (s.certificates)
    s.certificates->release();
  free(s.held);
  free(&s);
}

Session *begin(const flux_tls_context &context, int fd) {
  void *memory = calloc(1, sizeof(TlsSession));
  if (!memory)
    return nullptr;
  auto *s = new (memory) TlsSession();
  s->kind = &kSessions;
  s->fd = fd;
  s->context = static_cast<const Context *>(&context);
  s->certificates = s->context->acquire();
  s->ssl = SSL_new(s->certificates->fallback());
  BIO *bio = s->ssl ? makeBio(*s) : nullptr;
  if (!bio) {
    ERR_clear_error();
    destroy(*s);
    return nullptr;
  }
  SSL_set_bio(s->ssl, bio, bio);
  SSL_set_accept_state(s->ssl);
  return s;
}

int open(Session &session) {
  TlsSession &s = of(session);
  if (s.failed)
    return -EPROTO;
  // What is to be sent comes before anything that answers it.
  if (const ssize_t left = sendHeld(s); left != 0)
    return static_cast<int>(left);
  ERR_clear_error();
  const int done = SSL_do_handshake(s.ssl);
  if (done == 1) {
    s.certificates->release();
    s.certificates = nullptr;
    return 0;
  }
  return SSL_get_error(s.ssl, done) == SSL_ERROR_WANT_READ ? -EAGAIN : fail(s, EPROTO);
}

ssize_t receive(Session &session, void *data, size_t size) {
  TlsSession &s = of(session);
  s.unread = false;
  if (s.failed)
    return -EPROTO;
  ERR_clear_error();
  size_t count = 0;
  const int done = SSL_read_ex(s.ssl, data, size, &count);
  if (done == 1) {
    s.unread = !s.drained || SSL_has_pending(s.ssl);
    return static_cast<ssize_t>(count);
  }
  switch (SSL_get_error(s.ssl, done)) {
  case SSL_ERROR_WANT_READ:
    return -EAGAIN;
  case SSL_ERROR_ZERO_RETURN:
    return 0;
  default:
    return fail(s, s.ended ? ECONNRESET : EPROTO);
  }
}

/// Encrypts at most a record. Returns how many bytes of it, or a negative errno value.
ssize_t encrypt(TlsSession &s, const void *data, size_t size) {
  size_t written = 0;
  ERR_clear_error();
  const int done = SSL_write_ex(s.ssl, data, std::min(size, kRecord), &written);
  return done == 1 ? static_cast<ssize_t>(written) : fail(s, EPIPE);
}

/// Where a message goes on that consists of parts.
struct Place {
  const iovec *part, *end;
  size_t offset;

  size_t left() const { return part->iov_len - offset; }
  const char *data() const { return static_cast<const char *>(part->iov_base) + offset; }

  void advance(size_t bytes) {
    for (offset += bytes; part != end && offset >= part->iov_len; ++part)
      offset -= part->iov_len;
  }

  /// Copies what comes next. Returns how much there is, up to `size` bytes.
  size_t copyTo(char *to, size_t size) const {
    size_t copied = 0;
    for (Place from = *this; from.part != end && copied < size;) {
      const size_t some = std::min(from.left(), size - copied);
      memcpy(to + copied, from.data(), some);
      copied += some;
      from.advance(some);
    }
    return copied;
  }
};

ssize_t transmit(Session &session, const iovec *parts, size_t count) {
  TlsSession &s = of(session);
  if (const ssize_t left = sendHeld(s); left != 0)
    return left;
  if (count > 0 && (s.failed || s.finished))
    return -EPIPE;
  ssize_t total = 0;
  Place place = {parts, parts + count, 0};
  place.advance(0);
  while (place.part != place.end && !s.holds) {
    // A head and a short body are one record, since each is a call of the kernel.
    char gathered[4096];
    const bool isShort = place.left() < sizeof gathered && place.part + 1 != place.end;
    const ssize_t sent = isShort ? encrypt(s, gathered, place.copyTo(gathered, sizeof gathered))
                                 : encrypt(s, place.data(), place.left());
    if (sent < 0)
      return total > 0 ? total : sent;
    place.advance(static_cast<size_t>(sent));
    total += sent;
  }
  return total;
}

ssize_t sendFile(Session &session, int file, int64_t offset, size_t size) {
  TlsSession &s = of(session);
  if (const ssize_t left = sendHeld(s); left != 0)
    return left;
  if (s.failed || s.finished)
    return -EPIPE;
  auto *buffer = static_cast<char *>(malloc(kRecord));
  ssize_t total = 0, error = buffer ? 0 : -ENOMEM;
  while (error == 0 && static_cast<size_t>(total) < size && !s.holds) {
    const ssize_t count = pread(file, buffer, std::min(kRecord, size - static_cast<size_t>(total)), offset + total);
    if (count < 0)
      error = errno == EINTR ? 0 : -errno;
    else if (count == 0)
      error = -EPIPE; // the file is shorter
    else if (const ssize_t sent = encrypt(s, buffer, static_cast<size_t>(count)); sent < 0)
      error = sent;
    else
      total += sent;
  }
  free(buffer);
  return total > 0 ? total : error;
}

const char *protocol(const Session &session) {
  const auto &s = static_cast<const TlsSession &>(session);
  const unsigned char *chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(s.ssl, &chosen, &length);
  return s.context->protocols.find(chosen, length);
}

bool offers(const flux_tls_context &context, const char *protocol) {
  const Protocols &protocols = static_cast<const Context &>(context).protocols;
  return *protocols.find(reinterpret_cast<const unsigned char *>(protocol), static_cast<unsigned>(strlen(protocol)));
}

void finish(Session &session) {
  TlsSession &s = of(session);
  // One whose hands were not shaken has nothing to say.
  if (s.finished || s.failed || !SSL_is_init_finished(s.ssl))
    return;
  s.finished = true;
  ERR_clear_error();
  if (SSL_shutdown(s.ssl) < 0)
    fail(s, EPIPE);
}

} // namespace

const SessionKind kSessions = {begin, open, receive, transmit, sendFile, protocol, offers, finish, destroy};

} // namespace flux::net::tls
