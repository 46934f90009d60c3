/// api.cpp - the small functions of flux.h; flux_stop and flux_stopping are in signals.cpp.
#include "core/context.h"
#include "core/runtime.h"
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

int flux_replicate_sources(void) {
  flux::runtime.replicatesSources = true;
  return static_cast<int>(flux::sourceCopies());
}

int flux_replica(void) {
  const flux::Context *context = flux::currentContext();
  return context ? context->replica : 0;
}

int flux_own(flux_owned *owned) {
  flux::Context *context = flux::currentContext();
  if (!context || !owned || !owned->end)
    return FLUX_E_INVALID;
  owned->next = context->owned;
  context->owned = owned;
  return 0;
}

int64_t flux_session(void) {
  const flux::Context *context = flux::currentContext();
  return context ? context->head.session : 0;
}
