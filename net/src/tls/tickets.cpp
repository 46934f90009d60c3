#include "tickets.h"

#include "session.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>
#include <time.h>

namespace flux::net::tls {

namespace {

/// A hash of a secret and of what it is for.
bool hash(const unsigned char *secret, char purpose, unsigned char *result) {
  unsigned char both[Tickets::kKey + 1];
  memcpy(both, secret, Tickets::kKey);
  both[Tickets::kKey] = static_cast<unsigned char>(purpose);
  const bool hashed = EVP_Digest(both, sizeof both, result, nullptr, EVP_sha256(), nullptr) == 1;
  OPENSSL_cleanse(both, sizeof both);
  return hashed;
}

int64_t currentPeriod(int64_t now) { return now / Tickets::kPeriod; }

} // namespace

bool Tickets::begin() {
  period = currentPeriod(time(nullptr));
  return RAND_priv_bytes(secret, sizeof secret) == 1 && RAND_priv_bytes(former, sizeof former) == 1;
}

/// Makes the secrets those of a time. A clock that is set back changes nothing. The mutex is locked.
bool Tickets::advance(int64_t now) {
  // Whoever has been asleep for long has no former tickets to know.
  for (const int64_t wanted = currentPeriod(now); period < wanted; ++period) {
    memcpy(former, secret, sizeof former);
    if (!hash(former, 'n', secret))
      return false;
  }
  return true;
}

bool Tickets::derive(const unsigned char *secret, Keys &keys) {
  unsigned char name[kKey];
  const bool derived = hash(secret, 'i', name) && hash(secret, 'c', keys.cipher) && hash(secret, 'm', keys.mac);
  memcpy(keys.name, name, sizeof keys.name);
  return derived;
}

bool Tickets::present(int64_t now, Keys &keys) {
  const Locked lock(mutex);
  return advance(now) && derive(secret, keys);
}

Tickets::Known Tickets::find(int64_t now, Keys &keys) {
  const Locked lock(mutex);
  if (!advance(now))
    return Not;
  unsigned char wanted[kName];
  memcpy(wanted, keys.name, sizeof wanted);
  for (const Known known : {Present, Former})
    if (derive(known == Present ? secret : former, keys) && memcmp(keys.name, wanted, sizeof wanted) == 0)
      return known;
  return Not;
}

// Encrypted by AES-256 in CBC mode, and then authenticated, as RFC 5077, 4 has it.
int prepareTicket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
                  int makes) {
  constexpr int kFailed = -1, kUnknown = 0, kKnown = 1, kRenewed = 2;
  Tickets &tickets = static_cast<TlsSession *>(BIO_get_data(SSL_get_rbio(ssl)))->context->tickets;
  Tickets::Keys keys;
  Tickets::Known known = Tickets::Present;
  if (makes) {
    if (!tickets.present(time(nullptr), keys) || RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1)
      return kFailed;
    memcpy(name, keys.name, sizeof keys.name);
  } else {
    memcpy(keys.name, name, sizeof keys.name);
    known = tickets.find(time(nullptr), keys);
    if (known == Tickets::Not)
      return kUnknown;
  }
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, keys.mac, sizeof keys.mac),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char *>("SHA256"), 0),
      OSSL_PARAM_construct_end(),
  };
  const bool ready = EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, keys.cipher, iv, makes) == 1 &&
                     EVP_MAC_CTX_set_params(mac, parameters) == 1;
  OPENSSL_cleanse(&keys, sizeof keys);
  return !ready ? kFailed : known == Tickets::Former ? kRenewed : kKnown;
}

} // namespace flux::net::tls
