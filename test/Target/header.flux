// RUN: flux-translate --flux-to-header %s | FileCheck %s

// The header that nodes are written against, and that C and C++ compilers take without a warning.

// RUN: mkdir -p %t && flux-translate --flux-to-header %s -o %t/header.flux.h
// RUN: clang-22 -std=c11 -Wall -Wextra -Werror -pedantic -I%flux-runtime -I%t -I%S -fsyntax-only %S/Inputs/header-user.c
// RUN: clang-22 -x c++ -std=c++17 -Wall -Wextra -Werror -pedantic -I%flux-runtime -I%t -I%S -fsyntax-only %S/Inputs/header-user.c
// RUN: gcc -std=c11 -Wall -Wextra -Werror -pedantic -I%flux-runtime -I%t -I%S -fsyntax-only %S/Inputs/header-user.c
// RUN: g++ -x c++ -std=c++17 -Wall -Wextra -Werror -pedantic -I%flux-runtime -I%t -I%S -fsyntax-only %S/Inputs/header-user.c

// CHECK: /* header.flux.h: the C functions that header.flux is made of.
// CHECK: #ifndef FLUX_PROGRAM_HEADER
// CHECK-NEXT: #define FLUX_PROGRAM_HEADER
// CHECK: #include "flux/flux.h"
// CHECK-NEXT: #include "Inputs/header.h"
include "Inputs/header.h";

// A struct for each side that is not empty, with the spelling of the program, and its size checked.
// CHECK: typedef struct Listen_out {
// CHECK-NEXT:   int socket;
// CHECK-NEXT:   point where;
// CHECK-NEXT: } Listen_out;
// CHECK-NEXT: static_assert(sizeof(Listen_out) == 12, "the compiler knows another layout");
Listen () => (int socket, point where);

// Pointers to functions have their name in the middle.
// CHECK: typedef struct Read_out {
// CHECK-NEXT:   uint8_t *bytes;
// CHECK-NEXT:   const char *name;
// CHECK-NEXT:   callback done;
// CHECK-NEXT: } Read_out;
Read (int socket, point where) => (uint8_t *bytes, const char *name, callback done);
Write (uint8_t *bytes, const char *name, callback done) => ();
Tick () => ();

// A flow's input is declared for handlers and session functions.
// CHECK: typedef struct Page_in {
source Listen { session: PeerOf } => Page;
source Tick => Tick;
Page = Read -> Choose;
Choose:[_, named, _] = Write;
Choose:[_, _, _] = Write;
typedef named IsNamed;

// Nor is anybody to see the flow that the compiler puts around a target with a constraint.
// CHECK-NOT: Keep.
// CHECK: typedef struct Keep_in {
source Listen { session: HostOf } => Keep;
Keep (int socket, point where) => ();
constraint Keep:{host(session)};

// An empty side drops its parameter, and a function without parameters says so in C.
// CHECK: int Listen(Listen_out *out);
// CHECK-NEXT: int Read(Read_in *in, Read_out *out);
// CHECK-NEXT: int Write(Write_in *in);
// CHECK-NEXT: int Tick(void);
// CHECK-NEXT: int Keep(Keep_in *in);

// CHECK: bool IsNamed(const char *value);

// CHECK: void Lost(Read_in *in, int error);
// CHECK-NEXT: void Late(int error);
// CHECK-NEXT: void Ended(Page_in *in, int error);
handle error Read => Lost;
handle error Tick => Late;
handle error Page => Ended;

// CHECK: int64_t PeerOf(Page_in *in);
// CHECK-NEXT: int64_t HostOf(Keep_in *in);
