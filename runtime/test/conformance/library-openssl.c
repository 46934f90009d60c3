#include "check.h"
#include "library-openssl.flux.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { kPairs = 20, kText = 100000 };
static SSL_CTX *serving, *asking;
static int ends[kPairs][2];
static int next; /* a source is called by one thread at a time */
static int done;

/* What the client of a pair sends: more than a socket takes at once. */
static char letter(int pair, int i) { return (char)('a' + (pair + i) % 26); }

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  CHECK(key && certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  CHECK(X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, EVP_sha256()) > 0);
  CHECK((serving = SSL_CTX_new(TLS_server_method())) && (asking = SSL_CTX_new(TLS_client_method())));
  CHECK(SSL_CTX_use_certificate(serving, certificate) == 1 && SSL_CTX_use_PrivateKey(serving, key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  for (int i = 0; i < kPairs; ++i)
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]) == 0);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = next++) < 2 * kPairs ? 0 : FLUX_STOP; }

static void readAll(SSL *tls, char *text, int size) {
  for (int have = 0, got; have < size; have += got)
    CHECK((got = SSL_read(tls, text + have, size - have)) > 0);
}

static void serve(SSL *tls, int pair) {
  char *text = malloc(kText);
  CHECK(SSL_accept(tls) == 1);
  readAll(tls, text, kText);
  for (int i = 0; i < kText; ++i)
    CHECK(text[i] == letter(pair, i));
  CHECK(SSL_write(tls, text, 10) == 10);
  free(text);
}

static void ask(SSL *tls, int pair) {
  char *text = malloc(kText), answer[10];
  for (int i = 0; i < kText; ++i)
    text[i] = letter(pair, i);
  CHECK(SSL_connect(tls) == 1);
  CHECK(SSL_write(tls, text, kText) == kText);
  readAll(tls, answer, 10);
  CHECK(memcmp(answer, text, 10) == 0);
  free(text);
}

int Talk(Talk_in *in) {
  const int serves = in->n % 2, pair = in->n / 2;
  SSL *tls = SSL_new(serves ? serving : asking);
  CHECK(tls && SSL_set_fd(tls, ends[pair][serves]) == 1);
  (serves ? serve : ask)(tls, pair);
  SSL_free(tls);
  CHECK(close(ends[pair][serves]) == 0);
  ADD(done, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(done) == 2 * kPairs);
  SSL_CTX_free(serving);
  SSL_CTX_free(asking);
}
