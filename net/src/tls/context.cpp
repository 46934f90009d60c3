/// context.cpp - flux_tls_load() and flux_tls_reload().
#include "context.h"

#include "../message.h"
#include "session.h"

#include <errno.h>
#include <new>
#include <stdlib.h>
#include <string.h>

namespace flux::net::tls {

Certificates *Context::acquire() const {
  const Locked lock(mutex);
  return present->acquire();
}

namespace {

bool copyFiles(Context &context, const flux_tls_certificate *files, size_t count) {
  context.files = static_cast<flux_tls_certificate *>(calloc(count, sizeof *files));
  if (!context.files)
    return false;
  context.count = count;
  bool copied = true;
  for (size_t i = 0; i < count; ++i) {
    context.files[i] = {strdup(files[i].chain), strdup(files[i].key)};
    copied &= context.files[i].chain && context.files[i].key;
  }
  return copied;
}

void destroy(Context *context) {
  for (size_t i = 0; i < context->count; ++i) {
    free(const_cast<char *>(context->files[i].chain));
    free(const_cast<char *>(context->files[i].key));
  }
  free(context->files);
  free(context->protocols.bytes);
  free(context->protocols.names);
  free(context);
}

/// Null if all is well, else what is not.
const char *setUp(Context &context, const flux_tls_certificate *files, size_t count, const char *protocols) {
  if (count == 0)
    return "none is named";
  if (!prepareBios() || !copyFiles(context, files, count))
    return "out of memory";
  if (!context.tickets.begin())
    return "OpenSSL has no random numbers";
  return protocols ? context.protocols.parse(protocols) : nullptr;
}

} // namespace

} // namespace flux::net::tls

using namespace flux::net;
using namespace flux::net::tls;

flux_tls_context *flux_tls_load(const flux_tls_certificate *certificates, size_t count, const char *protocols) {
  // At exit other threads may be in the library still, whose memory goes with the process.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
  void *memory = calloc(1, sizeof(Context));
  if (!memory) {
    complain("out of memory");
    return nullptr;
  }
  auto *context = new (memory) Context();
  context->kind = &kSessions;
  const char *fault = setUp(*context, certificates, count, protocols);
  if (fault)
    complain("cannot load certificates: %s", fault);
  else
    context->present = Certificates::load(context->files, count, context->protocols);
  if (context->present)
    return context;
  destroy(context);
  return nullptr;
}

int flux_tls_reload(flux_tls_context *context) {
  auto &c = *static_cast<Context *>(context);
  Certificates *loaded = Certificates::load(c.files, c.count, c.protocols);
  if (!loaded)
    return EINVAL;
  Certificates *replaced;
  {
    const Locked lock(c.mutex);
    replaced = c.present;
    c.present = loaded;
  }
  replaced->release();
  return 0;
}
