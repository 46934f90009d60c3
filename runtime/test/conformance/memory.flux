// What AddressSanitizer finds in nodes, it finds, and nothing else: flows have stacks of their own, which come and go, and hold what
// is in use when a node ends the server.
Numbers () => (int n);
Keep (int n) => (int n, char *text);
Err (int n, char *text) => (char *text);
Free (char *text) => ();

source Numbers => Main;
Main = Keep -> Err -> Free;

// REQUIRES: asan
// RUN: %fluxc %s %S/memory.c --model=%model -fsanitize=address,undefined -fno-sanitize-recover=undefined -o %t
// RUN: %run %t none 2>&1 | FileCheck %s --check-prefix=CLEAN --implicit-check-not=ERROR
// RUN: %run %t exit 2>&1 | FileCheck %s --check-prefix=CLEAN --implicit-check-not=ERROR
// CLEAN: the end
// RUN: not %run %t free 2>&1 | FileCheck %s --check-prefix=FREE
// FREE: ERROR: AddressSanitizer: heap-use-after-free
// FREE: {{#.*}} Err
// RUN: not %run %t stack 2>&1 | FileCheck %s --check-prefix=STACK
// STACK: ERROR: AddressSanitizer: stack-buffer-overflow
// STACK: {{#.*}} Err
// RUN: not %run %t return 2>&1 | FileCheck %s --check-prefix=RETURN
// RETURN: ERROR: AddressSanitizer: stack-use-after-return
// RETURN: {{#.*}} Err
// A worker of several does not look: what threads hold that its parent has and it has not would seem to be leaked.
// RUN: %if !Processes %{not %run %t leak 2>&1 | FileCheck %s --check-prefix=LEAK%}
// LEAK: ERROR: LeakSanitizer: detected memory leaks
// LEAK: {{#.*}} Err
// RUN: not %run %t shift 2>&1 | FileCheck %s --check-prefix=SHIFT
// SHIFT: memory.c:{{.*}}: runtime error: shift exponent 40

// LeakSanitizer and UndefinedBehaviorSanitizer on their own go with the plain runtime. The former knows no stacks of flows, and takes
// what one has allocated for used, unless it unwinds them slowly.
// RUN: %fluxc %s %S/memory.c --model=%model -fsanitize=leak -o %t.leak
// RUN: %run %t.leak none 2>&1 | FileCheck %s --check-prefix=CLEAN --implicit-check-not=ERROR
// RUN: %run %t.leak exit 2>&1 | FileCheck %s --check-prefix=CLEAN --implicit-check-not=ERROR
// RUN: %if !Processes %{env LSAN_OPTIONS=fast_unwind_on_malloc=0 not %run %t.leak leak 2>&1 | FileCheck %s --check-prefix=LEAK%}
// RUN: %fluxc %s %S/memory.c --model=%model -fsanitize=undefined -fno-sanitize-recover=undefined -o %t.undefined
// RUN: %run %t.undefined none 2>&1 | FileCheck %s --check-prefix=CLEAN
// RUN: not %run %t.undefined shift 2>&1 | FileCheck %s --check-prefix=SHIFT
