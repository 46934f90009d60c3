// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Cases that cannot be right.

// Without a catch-all a flow can end in the middle. This is a warning.
A (int a, int b) => ();
typedef odd IsOdd;
// expected-warning @+1 {{flow 'F' ends with FLUX_E_NOMATCH where no case matches; add a last case [_, _]}}
F:[odd, _] = A;

// -----

// Nothing gets past a catch-all.
A (int a) => ();
typedef odd IsOdd;
// expected-note @+1 {{an earlier case accepts everything that it accepts}}
F:[_] = A;
// expected-error @+1 {{this case of 'F' is never taken}}
F:[odd] = A;

// -----

// The same pattern twice.
A (int a, int b) => ();
typedef odd IsOdd;
// expected-note @+1 {{an earlier case accepts everything that it accepts}}
F:[odd, _] = A;
// expected-error @+1 {{this case of 'F' is never taken}}
F:[odd, *] = A;
F:[_, _] = A;

// -----

// A case that asks more than an earlier one.
A (int a, int b) => ();
typedef odd IsOdd;
typedef even IsEven;
F:[_, even] = A;
// expected-note @+1 {{an earlier case accepts everything that it accepts}}
F:[odd, _] = A;
// expected-error @+1 {{this case of 'F' is never taken}}
F:[odd, even] = A;
F:[_, _] = A;

// -----

// Patterns are as long as the inputs.
A (int a, int b) => ();
typedef odd IsOdd;
// expected-error @+1 {{the pattern has 1 element, but flow 'F' takes 2 inputs}}
F:[odd] = A;
// expected-error @+1 {{the pattern has 3 elements, but flow 'F' takes 2 inputs}}
F:[_, odd, _] = A;
F:[_, _] = A;

// -----

// A predicate takes one type.
A (int a, char *b) => ();
typedef odd IsOdd;
// expected-note @+1 {{the predicate's type comes from its first use}}
F:[odd, _] = A;
// expected-error @+1 {{predicate 'odd' takes 'int', but 'b' is 'char *'}}
F:[_, odd] = A;
F:[_, _] = A;

// -----

// Its C function takes one type, too.
A (int a, char *b) => ();
typedef odd IsOdd;
typedef strange IsOdd;
// expected-note @+1 {{the predicate's type comes from its first use}}
F:[odd, _] = A;
// expected-error @+1 {{predicate 'strange' takes 'int', but 'b' is 'char *'}}
F:[_, strange] = A;
F:[_, _] = A;
