// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// No flow reaches itself, used or not; the cycle is shown link by link.

// Directly.
A (int a) => (int a);
// expected-error @+2 {{flow 'F' reaches itself}}
// expected-note @+1 {{'F' runs 'F' here}}
F = A -> F;

// -----

// Through others.
A (int a) => (int a);
// expected-error @+2 {{flow 'F' reaches itself}}
// expected-note @+1 {{'F' runs 'G' here}}
F = A -> G;
// expected-note @+1 {{'G' runs 'H' here}}
G = A -> H;
// expected-note @+1 {{'H' runs 'F' here}}
H = F;

// -----

// Two cycles, two errors.
// expected-error @+2 {{flow 'F' reaches itself}}
// expected-note @+1 {{'F' runs 'F' here}}
F = F;
// expected-error @+2 {{flow 'G' reaches itself}}
// expected-note @+1 {{'G' runs 'H' here}}
G = H;
// expected-note @+1 {{'H' runs 'G' here}}
H = G;

// -----

// In one case of several.
A (int a) => (int a);
typedef odd IsOdd;
// expected-error @+2 {{flow 'F' reaches itself}}
// expected-note @+1 {{'F' runs 'F' here}}
F:[odd] = A -> F;
F:[_] = A;
