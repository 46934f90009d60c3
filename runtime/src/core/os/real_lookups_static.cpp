/// real_lookups_static.cpp - what looks names up, in a static program that does; see real_static.cpp.
#include "core/os/libc_names.h"

namespace flux::real {

#define FLUX_INTERPOSED(NAME, EFFECT)
#define FLUX_LOOKUP(NAME, EFFECT) decltype(&::NAME) NAME = flux_libc_##NAME;
#include "core/os/interposed.def"

} // namespace flux::real
