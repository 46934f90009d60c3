/// api.cpp - the small functions of flux.h; flux_stop and flux_stopping are in signals.cpp.
#include "core/context.h"
#include "flux/flux.h"

const char *flux_strerror(int code) {
  switch (code) {
#define FLUX_ERROR(NAME, CODE, TEXT)                                                                                   \
  case CODE:                                                                                                           \
    return TEXT;
#include "flux/errors.def"
#undef FLUX_ERROR
  default:
    return "error";
  }
}

int64_t flux_session(void) {
  const flux::Context *context = flux::currentContext();
  return context ? context->head.session : 0;
}
