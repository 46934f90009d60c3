/// refusal.h - why a request is refused.
#ifndef FLUX_NET_HTTP_REFUSAL_H
#define FLUX_NET_HTTP_REFUSAL_H

#include <stdint.h>

namespace flux::http {

enum class Refusal : uint8_t {
  none, ///< it is not
#define FLUX_HTTP_REFUSAL(name, status, text) name,
#include "http/refusals.def"
#undef FLUX_HTTP_REFUSAL
};

/// The status of the answer; 0 for Refusal::none.
int statusOf(Refusal refusal);

/// The reason as a text for logs, "" for Refusal::none. Static.
const char *textOf(Refusal refusal);

} // namespace flux::http

#endif // FLUX_NET_HTTP_REFUSAL_H
