// Calls that return at once keep a promise not to block, whatever they would do with other arguments: neither the compiler nor
// the server says anything, a debug build goes on.
Numbers () => (int n);
Enter (int n) => (int n);
Transfer (int n) => (int n);
Own (int n) => (int n);
Look (int n) => (int n);
Reap (int n) => (int n);
Leave (int n) => ();

source Numbers => Flow;
Flow = Enter -> Transfer -> Own -> Look -> Reap -> Leave;
constraint Flow:{data};
nonblocking Enter, Transfer, Own, Look, Reap, Leave;

// A sanitizer puts variables where the compiler does not see what is in them.
// RUN: %fluxc %s %S/promise-kept.c --model=%model -o %t 2> %t.said
// RUN: %if plain-build %{count 0 < %t.said%}
// RUN: %run %t 2>&1 | count 0
// RUN: %fluxc %s %S/promise-kept.c --model=%model -O0 -o %t && %run %t 2>&1 | count 0
