#include "check.h"
#include "exceptions-kept.flux.h"

#include <stdexcept>

SHARED({ int next; });

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) == 0 ? 0 : FLUX_STOP; }

int Throw(Throw_in *) { throw std::runtime_error("kept"); }

void Caught(Throw_in *, int) { fprintf(stderr, "caught\n"); }
