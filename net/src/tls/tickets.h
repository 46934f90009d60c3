/// tickets.h - the keys of the tickets by which clients go on with their sessions.
#ifndef FLUX_NET_TLS_TICKETS_H
#define FLUX_NET_TLS_TICKETS_H

#include "../mutex.h"

#include <openssl/ssl.h>
#include <stdint.h>

namespace flux::net::tls {

/// Keys come from a secret, which at the end of each period is replaced by its hash: so processes that had the same
/// secret once have the same keys at any time, without a word between them, and nobody who learns it can read what is
/// older than two periods.
class Tickets {
public:
  /// Seconds that a key makes tickets for. For as long again it is known.
  static constexpr int64_t kPeriod = 2 * 60 * 60;

  static constexpr size_t kName = 16, kKey = 32;

  struct Keys {
    unsigned char name[kName], cipher[kKey], mac[kKey];
  };

  enum Known { Not, Present, Former };

  /// Makes the secret. False without random numbers. Before the process forks.
  bool begin();

  /// Gives the present keys, at a time in seconds.
  bool present(int64_t now, Keys &keys);

  /// Gives those with the name, which stands in the keys already.
  Known find(int64_t now, Keys &keys);

private:
  bool advance(int64_t now);
  static bool derive(const unsigned char *secret, Keys &keys);

  Mutex mutex;
  int64_t period = 0;
  unsigned char secret[kKey] = {}, former[kKey] = {}; // of this period and the one before, guarded by the mutex
};

/// What OpenSSL calls for each ticket that it makes or gets.
int prepareTicket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
                  int makes);

} // namespace flux::net::tls

#endif // FLUX_NET_TLS_TICKETS_H
