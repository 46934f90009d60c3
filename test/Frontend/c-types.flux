// RUN: flux-translate --import-flux %s | FileCheck %s

// Arithmetic types in any spelling, with the canonical one beside it where they differ.
// CHECK: flux.node @Integers (
// CHECK-SAME: a: !flux.c<"unsigned" = "unsigned int">, b: !flux.c<"long unsigned int" = "unsigned long">,
// CHECK-SAME: c: !flux.c<"long long">, d: !flux.c<"short int" = "short">, e: !flux.c<"signed char">,
// CHECK-SAME: f: !flux.c<"char">, g: !flux.c<"_Bool" = "bool">, h: !flux.c<"bool">)
Integers (unsigned a, long unsigned int b, long long c, short int d, signed char e, char f, _Bool g, bool h) => ();
// CHECK: flux.node @Floats (a: !flux.c<"float">, b: !flux.c<"double">, c: !flux.c<"long double">)
Floats (float a, double b, long double c) => ();

// Standard typedefs need no header.
// CHECK: flux.node @Typedefs (
// CHECK-SAME: a: !flux.c<"uint8_t" = "unsigned char">, b: !flux.c<"int64_t" = "long">, c: !flux.c<"size_t" = "unsigned long">,
// CHECK-SAME: d: !flux.c<"ssize_t" = "long">, e: !flux.c<"off_t" = "long">, f: !flux.c<"std::uint32_t" = "unsigned int">,
// CHECK-SAME: g: !flux.c<"__u8 *" = "unsigned char *">)
Typedefs (uint8_t a, int64_t b, size_t c, ssize_t d, off_t e, std::uint32_t f, __u8 *g) => ();

// The stars of a pointer stand where they may in C.
// CHECK: flux.node @Pointers (
// CHECK-SAME: a: !flux.c<"char *">, b: !flux.c<"char *">, c: !flux.c<"char **">, d: !flux.c<"void *">)
Pointers (char* a, char *b, char * *c, void*d) => ();

// const of what is pointed to matters and has one place; const of the argument itself does not matter.
// CHECK: flux.node @Qualified (
// CHECK-SAME: a: !flux.c<"const char *">, b: !flux.c<"const char *">, c: !flux.c<"char *const *">, d: !flux.c<"char *">,
// CHECK-SAME: e: !flux.c<"int">, f: !flux.c<"const volatile int *">)
Qualified (const char *a, char const *b, char *const *c, char *restrict const d, const int e, int volatile const *f) => ();

// What a pointer points to need not be known.
// CHECK: flux.node @Opaque (
// CHECK-SAME: a: !flux.c<"image_tag *">, b: !flux.c<"struct image_tag *" = "image_tag *">,
// CHECK-SAME: c: !flux.c<"net::address *">, d: !flux.c<"::std::map<int, std::vector<char>> *">)
Opaque (image_tag *a, struct image_tag *b, net::address *c, ::std::map < int,std::vector<char> > *d) => ();

// Different spellings of one type agree, with and without `struct`.
// CHECK: flux.flow @Agree
Left () => (unsigned int a, uint64_t b, struct image_tag *c, char const *d);
Right (uint32_t a, unsigned long b, image_tag *c, const char *d) => ();
Agree = Left -> Right;
