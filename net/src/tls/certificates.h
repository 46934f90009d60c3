/// certificates.h - what servers show to clients, and choose by.
#ifndef FLUX_NET_TLS_CERTIFICATES_H
#define FLUX_NET_TLS_CERTIFICATES_H

#include "../session.h"
#include "flux/tls.h"

#include <atomic>
#include <openssl/ssl.h>
#include <stddef.h>

namespace flux::net::tls {

/// Protocols to choose from. Zeroed memory is none.
struct Protocols {
  unsigned char *bytes; // as ALPN has them, each behind its length
  unsigned length;
  char *names; // the same with a zero behind each, one byte further on

  /// Makes it of names with commas. Returns what is wrong with these, null if nothing is.
  const char *parse(const char *list);

  /// The name as text; empty if it is none of these.
  const char *find(const unsigned char *name, unsigned size) const;
};

/// Certificates as they were in their files at one time. Each user has one reference.
class Certificates {
public:
  /// Loads them. Null after a message.
  static Certificates *load(const flux_tls_certificate *files, size_t count, const Protocols &protocols);

  Certificates *acquire();
  void release();

  /// What a client gets that asks for no name.
  SSL_CTX *fallback() const { return contexts[0]; }

  /// What one gets that asks for this.
  SSL_CTX *find(const char *name) const;

private:
  explicit Certificates(const Protocols &protocols) : protocols(protocols) {}

  std::atomic<unsigned> users{1};
  size_t count = 0;
  const Protocols &protocols; // of the context, which stays
  SSL_CTX **contexts = nullptr;

  bool add(const flux_tls_certificate &files);

  /// Has those with other kinds of keys for the same names offered beside each other.
  bool pair(const flux_tls_certificate *files);

  static int chooseName(SSL *ssl, int *alert, void *self);
  static int chooseProtocol(SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
                            unsigned offeredLength, void *self);
};

} // namespace flux::net::tls

#endif // FLUX_NET_TLS_CERTIFICATES_H
