#include "http/refusal.h"

#include <stddef.h>

namespace flux::http {
namespace {

struct Entry {
  int status;
  const char *text;
};

constexpr Entry entries[] = {
    {0, ""},
#define FLUX_HTTP_REFUSAL(name, status, text) {status, text},
#include "http/refusals.def"
#undef FLUX_HTTP_REFUSAL
};

} // namespace

int statusOf(Refusal refusal) { return entries[static_cast<size_t>(refusal)].status; }

const char *textOf(Refusal refusal) { return entries[static_cast<size_t>(refusal)].text; }

} // namespace flux::http
