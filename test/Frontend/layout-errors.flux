// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Types that cannot travel by value.

// Without a header no layout is known.
// expected-error @+1 {{the layout of 'image_tag' is not known; include the header that defines it, or pass a pointer}}
A (image_tag a) => ();
// expected-error @+1 {{the layout of 'std::vector<int>' is not known; include the header that defines it, or pass a pointer}}
B (struct point *a, std::vector<int> b) => ();

// -----

// Nor if the headers do not define it.
include "Inputs/image.h";
// expected-error @+2 {{'imagetag' is not defined by the included headers}}
// expected-error @+1 {{'both<int>' is not defined by the included headers}}
A (imagetag a, both<int> b) => ();

// -----

// Pointers to incomplete types are fine, the types are not.
include "Inputs/image.h";
// expected-error @+1 {{'opaque' is declared but not defined by the included headers; pass a pointer}}
A (opaque *a) => (opaque a);

// -----

// `struct` declares what nobody defines.
include "Inputs/image.h";
// expected-error @+1 {{'struct nothing' is declared but not defined by the included headers; pass a pointer}}
A (struct nothing a) => ();

// -----

// What must not be copied byte by byte.
include "Inputs/image.h";
// expected-error @+1 {{'owner' is not trivially copyable, so it cannot travel between nodes; pass a pointer}}
A (owner a) => ();

// -----

// What hides an array.
include "Inputs/image.h";
// expected-error @+1 {{'quad' is 'int[4]', which cannot travel between nodes; pass a pointer}}
A (quad a) => ();

// -----

// What hides a reference.
include "Inputs/image.h";
// expected-error @+1 {{'alias' is 'int &', which cannot travel between nodes; pass a pointer}}
A (alias a) => ();

// -----

// Types that differ, and types that only are spelled alike.
include "Inputs/image.h";
// expected-note @+1 {{'b' is declared here}}
A () => (point a, image_tag *b);
// expected-note @+1 {{'b' is declared here}}
B (point a, image_tag **b) => ();
// expected-error @+1 {{node 'B' takes 'image_tag **' as input 2, but 'A' produces 'image_tag *'}}
F = A -> B;

// -----

// Records are not passed to predicates.
include "Inputs/image.h";
// expected-note @+1 {{'a' is declared here}}
A (point a) => ();
typedef origin IsOrigin;
// expected-error @+1 {{predicate 'origin' cannot test 'a' of type 'point'; predicates take arithmetic types and pointers}}
F:[origin] = A;
F:[_] = A;
