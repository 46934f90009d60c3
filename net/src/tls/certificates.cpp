#include "certificates.h"

#include "../message.h"
#include "tickets.h"

#include <errno.h>
#include <new>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

namespace flux::net::tls {

namespace {

/// Longer ones are no names of protocols.
constexpr size_t kMostProtocol = 255;

/// What OpenSSL has found wrong first, which is the cause of the rest.
const char *whatIsWrong() {
  const unsigned long error = ERR_peek_error();
  const char *reason = ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
  return reason ? reason : "out of memory";
}

/// Asked for the password of a key: nobody is there to type one.
int refusePassword(char *, int, int, void *) { return -1; }

bool loadFiles(SSL_CTX *context, const flux_tls_certificate &files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.chain) != 1) {
    complain("cannot load the certificate '%s': %s", files.chain, whatIsWrong());
    return false;
  }
  // It must belong to the certificate.
  if (SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) != 1) {
    complain("cannot load the key '%s' of '%s': %s", files.key, files.chain, whatIsWrong());
    return false;
  }
  return true;
}

/// Whether `name` is one of those of the certificate, as it is written there.
bool hasName(const GENERAL_NAMES *names, const ASN1_IA5STRING *name) {
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME *each = sk_GENERAL_NAME_value(names, i);
    if (each->type == GEN_DNS && ASN1_STRING_cmp(each->d.dNSName, name) == 0)
      return true;
  }
  return false;
}

GENERAL_NAMES *namesOf(const X509 *certificate) {
  return static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
}

/// Whether `other` may stand in for `one`: it has another kind of key, and all names of that.
bool isBeside(const X509 *one, const X509 *other) {
  if (EVP_PKEY_get_base_id(X509_get0_pubkey(one)) == EVP_PKEY_get_base_id(X509_get0_pubkey(other)))
    return false;
  GENERAL_NAMES *wanted = namesOf(one), *names = namesOf(other);
  int matched = 0;
  for (int i = 0; i < sk_GENERAL_NAME_num(wanted); ++i) {
    const GENERAL_NAME *each = sk_GENERAL_NAME_value(wanted, i);
    matched += each->type == GEN_DNS && hasName(names, each->d.dNSName);
  }
  const bool all = matched > 0 && matched == sk_GENERAL_NAME_num(wanted);
  GENERAL_NAMES_free(wanted);
  GENERAL_NAMES_free(names);
  return all;
}

} // namespace

const char *Protocols::parse(const char *list) {
  names = strdup(list);
  bytes = static_cast<unsigned char *>(malloc(strlen(list) + 1));
  if (!names || !bytes)
    return "out of memory";
  for (char *name = names;; ++name) {
    const size_t size = strcspn(name, ",");
    if (size == 0 || size > kMostProtocol)
      return "the name of a protocol has 1 to 255 bytes";
    bytes[length] = static_cast<unsigned char>(size);
    memcpy(bytes + length + 1, name, size);
    length += static_cast<unsigned>(size) + 1;
    name += size;
    if (*name == '\0')
      return nullptr;
    *name = '\0';
  }
}

const char *Protocols::find(const unsigned char *name, unsigned size) const {
  for (unsigned at = 0; at < length; at += bytes[at] + 1U)
    if (bytes[at] == size && memcmp(bytes + at + 1, name, size) == 0)
      return names + at;
  return "";
}

Certificates *Certificates::load(const flux_tls_certificate *files, size_t count, const Protocols &protocols) {
  void *memory = malloc(sizeof(Certificates));
  auto *made = memory ? new (memory) Certificates(protocols) : nullptr;
  if (made)
    made->contexts = static_cast<SSL_CTX **>(calloc(count, sizeof(SSL_CTX *)));
  if (!made || !made->contexts) {
    complain("out of memory");
    free(memory);
    return nullptr;
  }
  bool loaded = true;
  for (size_t i = 0; i < count && loaded; ++i)
    loaded = made->add(files[i]);
  if (loaded && made->pair(files))
    return made;
  made->release();
  return nullptr;
}

bool Certificates::pair(const flux_tls_certificate *files) {
  for (size_t i = 0; i < count; ++i) {
    X509 *own = SSL_CTX_get0_certificate(contexts[i]);
    // Backwards, since of several with one kind of key the last that is loaded counts.
    for (size_t j = count; j-- > 0;)
      if (j != i && isBeside(own, SSL_CTX_get0_certificate(contexts[j])) && !loadFiles(contexts[i], files[j]))
        return false;
    // By which find() goes.
    SSL_CTX_select_current_cert(contexts[i], own);
  }
  return true;
}

bool Certificates::add(const flux_tls_certificate &files) {
  ERR_clear_error();
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) {
    complain("cannot use OpenSSL: %s", whatIsWrong());
    return false;
  }
  contexts[count++] = context;
  SSL_CTX_set_default_passwd_cb(context, refusePassword);
  if (!loadFiles(context, files))
    return false;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // An idle connection has no buffers; one that is busy is read from by one call for each message.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  // Sessions are the clients', in tickets: nothing is kept, and all processes and names know all of them again.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_timeout(context, static_cast<long>(Tickets::kPeriod));
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, prepareTicket);
  static const unsigned char kId[] = "flux";
  SSL_CTX_set_session_id_context(context, kId, sizeof kId);
  SSL_CTX_set_tlsext_servername_callback(context, chooseName);
  SSL_CTX_set_tlsext_servername_arg(context, this);
  if (protocols.length > 0)
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, this);
  return true;
}

Certificates *Certificates::acquire() {
  // Relaxed: whoever calls has a reference, or a lock that keeps one.
  users.fetch_add(1, std::memory_order_relaxed);
  return this;
}

void Certificates::release() {
  // Acquire and release: the last one sees all others done.
  if (users.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  for (size_t i = 0; i < count; ++i)
    SSL_CTX_free(contexts[i]);
  free(static_cast<void *>(contexts));
  free(this);
}

SSL_CTX *Certificates::find(const char *name) const {
  for (const unsigned flags : {unsigned(X509_CHECK_FLAG_NO_WILDCARDS), 0U})
    for (size_t i = 0; i < count; ++i)
      if (X509_check_host(SSL_CTX_get0_certificate(contexts[i]), name, strlen(name), flags, nullptr) == 1)
        return contexts[i];
  return fallback();
}

int Certificates::chooseName(SSL *ssl, int *, void *self) {
  const auto &certificates = *static_cast<const Certificates *>(self);
  const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (!name)
    return SSL_TLSEXT_ERR_NOACK;
  if (certificates.count > 1)
    SSL_set_SSL_CTX(ssl, certificates.find(name));
  return SSL_TLSEXT_ERR_OK;
}

int Certificates::chooseProtocol(SSL *, const unsigned char **chosen, unsigned char *length,
                                 const unsigned char *offered, unsigned offeredLength, void *self) {
  const Protocols &ours = static_cast<const Certificates *>(self)->protocols;
  unsigned char *found;
  if (SSL_select_next_proto(&found, length, ours.bytes, ours.length, offered, offeredLength) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

} // namespace flux::net::tls
