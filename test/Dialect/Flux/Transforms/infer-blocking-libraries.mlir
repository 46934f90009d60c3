// REQUIRES: clang-22, native
// RUN: flux-opt %s --flux-infer-blocking=nodes=%S/Inputs/libraries.ll | FileCheck %s --check-prefixes=CHECK,ALONE
// RUN: flux-opt %s --flux-infer-blocking=nodes=%S/Inputs/libraries.ll,%S/Inputs/replacements.ll | FileCheck %s --check-prefixes=CHECK,OWN
// RUN: clang-22 -c -fno-builtin %S/Inputs/linked.c -o %t.o && llvm-ar rc %t.a %t.o
// RUN: clang-22 -shared -fPIC -fno-builtin %S/Inputs/linked.c -Wl,--unresolved-symbols=ignore-all -o %t.so
// RUN: flux-opt %s "--flux-infer-blocking=nodes=%S/Inputs/libraries.ll linked=%t.o" | FileCheck %s --check-prefixes=CHECK,LINKED,STATIC
// RUN: flux-opt %s "--flux-infer-blocking=nodes=%S/Inputs/libraries.ll linked=%t.a" | FileCheck %s --check-prefixes=CHECK,LINKED,STATIC
// RUN: flux-opt %s "--flux-infer-blocking=nodes=%S/Inputs/libraries.ll linked=%t.so" | FileCheck %s --check-prefixes=CHECK,LINKED,DYNAMIC
// RUN: flux-opt %s "--flux-infer-blocking=nodes=%S/Inputs/libraries.ll unseen" | FileCheck %s --check-prefix=UNSEEN
// RUN: not flux-opt %s "--flux-infer-blocking=linked=%s" 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: error: the symbols of '{{.*}}infer-blocking-libraries.mlir' cannot be read:

// What libraries call back is part of what is known of them, and a name counts only if it must be theirs.

// Of two functions that are passed, the one that is called.
// CHECK: flux.node @SortSlowly{{.*}}<may, "it calls 'slow', which calls 'usleep'">
flux.node @SortSlowly (a: !flux.c<"int">) -> ()
// CHECK: flux.node @SortQuickly{{.*}}<never
flux.node @SortQuickly (a: !flux.c<"int">) -> ()

// Exceptions are destroyed where they end.
// CHECK: flux.node @Catch{{.*}}<may, "it calls 'slow_destructor', which calls 'usleep'">
flux.node @Catch () -> ()
// CHECK: flux.node @Forget{{.*}}<may, "it calls 'slow_destructor', which calls 'usleep'">
flux.node @Forget (a: !flux.c<"int">) -> ()

// What is registered runs.
// CHECK: flux.node @Leave{{.*}}<may, "it calls 'exit', which may run what 'atexit' was given">
flux.node @Leave () -> ()
// ALONE: flux.node @Print{{.*}}<never
// OWN: flux.node @Print{{.*}}<may, "it calls 'snprintf', which may run what 'register_printf_specifier' was given">
// LINKED: flux.node @Print{{.*}}<may, "it calls 'snprintf', which may run what 'register_printf_specifier' was given">
// UNSEEN: flux.node @Print{{.*}}<may, "it calls 'snprintf', which may be another function than the library's">
flux.node @Print (a: !flux.c<"int">) -> ()
// ALONE: flux.node @Give{{.*}}<never
// OWN: flux.node @Give{{.*}}<may, "it calls 'std::terminate()', which may run what 'std::set_terminate(void (*)())' was given">
flux.node @Give () -> ()

// What the program has in the library's place counts, also where the library calls it.
// ALONE: flux.node @Allocate{{.*}}<never
// OWN: flux.node @Allocate{{.*}}<may, "it calls 'operator new(unsigned long)', which calls 'usleep'">
flux.node @Allocate () -> ()
// ALONE: flux.node @Append{{.*}}<never
// OWN: flux.node @Append{{.*}}<may, "it calls 'operator new(unsigned long)', which calls 'usleep'">
flux.node @Append (a: !flux.c<"int">) -> ()
// ALONE: flux.node @Measure{{.*}}<never
// OWN: flux.node @Measure{{.*}}<may, "it calls 'strlen', which calls 'usleep'">
// LINKED: flux.node @Measure{{.*}}<may, "it calls 'strlen', which may be another function than the library's">
// UNSEEN: flux.node @Measure{{.*}}<may, "it calls 'strlen', which may be another function than the library's">
flux.node @Measure (a: !flux.c<"int">) -> ()

// The runtime's own.
// ALONE: flux.node @Look{{.*}}<never
flux.node @Look (a: !flux.c<"int">) -> ()

// Names that only look like a library's.
// CHECK: flux.node @Place{{.*}}<may, "it calls 'operator new(unsigned long, Arena&)', of which nothing is known">
flux.node @Place (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Format{{.*}}<may, "it calls '{{.*}} mine::format<int>()', of which nothing is known">
flux.node @Format (a: !flux.c<"int">) -> ()

// Definitions that the linker may pass over.
// CHECK: flux.node @Hook{{.*}}<may, "it calls 'hook', of which nothing is known">
flux.node @Hook (a: !flux.c<"int">) -> ()
// CHECK: flux.node @OtherName{{.*}}<may, "it calls 'slow', which calls 'usleep'">
flux.node @OtherName (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Seems{{.*}}<may, "it calls 'seems_quick', of which nothing is known">
flux.node @Seems () -> ()
// An inline function is the same everywhere, but how it was compiled elsewhere is not known; a shared library's is not taken.
// ALONE: flux.node @Inline{{.*}}<never
// STATIC: flux.node @Inline{{.*}}<may, "it calls 'shared_inline', of which nothing is known">
// DYNAMIC: flux.node @Inline{{.*}}<never
flux.node @Inline () -> ()
// CHECK: flux.node @WeakNode{{.*}}<may, "its code is not known">
flux.node @WeakNode () -> ()

// CHECK: flux.node @Deny{{.*}}<may, "it calls 'denies', which calls 'snprintf', though it is declared to have no such effect">
flux.node @Deny (a: !flux.c<"int">) -> ()
