// RUN: flux-translate --flux-to-source %s | FileCheck %s

// A lock that only nodes which nothing runs mention, or mention first, is still declared by one of them.
A () => ();
B () => ();
C () => ();
F = C -> C;
// CHECK: constraint A:{only};
// CHECK-NEXT: constraint A:{first};
// CHECK-NEXT: constraint F:{then, first};
constraint A:{only};
constraint B:{first};
constraint F:{then, first};
