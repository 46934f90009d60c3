// One source may run on several threads, and another on one: the flows of each copy stay where they have begun, while those of
// the other source are spread.
include "stdint.h";

Many () => (int64_t thread);
Stay (int64_t thread) => ();
One () => (int n);
Take (int n) => ();

source Many => Stay;
source One => Take;

// RUN: %fluxc %s %S/replicated-source.c --model=%model -o %t && export %if Processes %{FLUX_WORKERS=1%} && %run %t
