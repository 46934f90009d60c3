// RUN: flux-translate --import-flux %s | FileCheck %s

// Types that are not C's own are laid out by clang from the included headers, and compared by what they are, not by name.

// CHECK: flux.include "Inputs/image.h"
include "Inputs/image.h";

// Records carry size and alignment.
// CHECK: flux.node @Records (
// CHECK-SAME: a: !flux.c<"struct point" = "point", 4, 2>, b: !flux.c<"image_tag" = "image_tag_s", 16, 8>,
// CHECK-SAME: c: !flux.c<"net::address", 18, 1>, d: !flux.c<"sockaddr_in", 16, 4>)
Records (struct point a, image_tag b, net::address c, sockaddr_in d) => ();

// Templates may hold commas and nest.
// CHECK: flux.node @Templates (
// CHECK-SAME: a: !flux.c<"both<int, double>", 16, 8>, b: !flux.c<"both<char, both<char, short>>", 6, 2>)
Templates (both<int,double> a, both < char, both<char, short> > b) => ();

// Typedefs of arithmetic types and pointers are those; an enumeration is its integer.
// CHECK: flux.node @Scalars (
// CHECK-SAME: a: !flux.c<"descriptor" = "int">, b: !flux.c<"callback" = "void (*)(int)">,
// CHECK-SAME: c: !flux.c<"enum color" = "unsigned int">, d: !flux.c<"image_handle" = "image_tag_s *">)
Scalars (descriptor a, callback b, enum color c, image_handle d) => ();

// A pointer to what no header declares stays a pointer to a type of that name.
// CHECK: flux.node @Unknown (a: !flux.c<"unknown *">, b: !flux.c<"opaque *">) -> ()
Unknown (unknown *a, opaque *b) => ();

// So these agree.
// CHECK: flux.flow @Agree
Names () => (point a, image_tag *b, descriptor c, color d);
Aliases (struct point a, image_handle b, int c, unsigned d) => ();
Agree = Names -> Aliases;
