// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Neighbours that do not agree, at each kind of edge.

// Link and link, in number.
// expected-note @+1 {{'A' is declared here}}
A (int a) => (int a, int b);
// expected-note @+1 {{'B' is declared here}}
B (int a) => ();
// expected-error @+1 {{node 'B' takes 1 input, but 'A' produces 2}}
F = A -> B;

// -----

// Link and link, in type.
// expected-note @+1 {{'text' is declared here}}
A (int a) => (int a, char *text);
// expected-note @+1 {{'text' is declared here}}
B (int a, unsigned char *text) => ();
// expected-error @+1 {{node 'B' takes 'unsigned char *' as input 2, but 'A' produces 'char *'}}
F = A -> B;

// -----

// What a pointer points to matters, and so does its const.
// expected-note @+1 {{'a' is declared here}}
A () => (const char *a);
// expected-note @+1 {{'a' is declared here}}
B (char *a) => ();
// expected-error @+1 {{node 'B' takes 'char *' as input 1, but 'A' produces 'const char *'}}
F = A -> B;

// -----

// Typedefs are looked through: on LP64 `size_t` is `unsigned long`, and `uint64_t` too, but not `long long`.
// expected-note @+1 {{'c' is declared here}}
A () => (size_t a, uint64_t b, int64_t c);
// expected-note @+1 {{'c' is declared here}}
B (unsigned long a, unsigned long b, long long c) => ();
// expected-error @+1 {{node 'B' takes 'long long' as input 3, but 'A' produces 'int64_t'}}
F = A -> B;

// -----

// A flow's signature and its first link.
// expected-note @+1 {{'A' is declared here}}
A (int a, int b) => ();
// expected-note @+1 {{'F' is declared here}}
F (int a) => ();
// expected-error @+1 {{node 'A' takes 2 inputs, but 'F', which starts with it, takes 1}}
F = A;

// -----

// The same in type.
// expected-note @+1 {{'a' is declared here}}
A (double a) => ();
// expected-note @+1 {{'a' is declared here}}
F (int a) => ();
// expected-error @+1 {{node 'A' takes 'double' as input 1, but 'F', which starts with it, takes 'int'}}
F = A;

// -----

// A flow's signature and its last link.
// expected-note @+1 {{'A' is declared here}}
A (int a) => (int a, int b);
// expected-note @+1 {{'F' is declared here}}
F (int a) => (int a);
// expected-error @+1 {{flow 'F' produces 1 output, but 'A', which ends it, produces 2}}
F = A;

// -----

// A flow's signature and its last link, in type.
// expected-note @+1 {{'a' is declared here}}
A (int a) => (int a);
// expected-note @+1 {{'a' is declared here}}
F (int a) => (long a);
// expected-error @+1 {{flow 'F' produces 'long' as output 1, but 'A', which ends it, produces 'int'}}
F = A;

// -----

// A flow as a link.
// expected-note @+1 {{'a' is declared here}}
A (int a) => (int a);
F = A;
// expected-error @+1 {{node 'B' takes 'char' as input 1, but 'F' produces 'int'}}
G = F -> B;
// expected-note @+1 {{'a' is declared here}}
B (char a) => ();

// -----

// Cases that take different inputs.
// expected-note @+1 {{'a' is declared here}}
A (int a) => ();
// expected-note @+1 {{'a' is declared here}}
B (char a) => ();
typedef odd IsOdd;
F:[odd] = A;
// expected-error @+1 {{node 'B' takes 'char' as input 1, but 'F', which starts with it, takes 'int'}}
F:[_] = B;

// -----

// Cases that produce different outputs.
A (int a) => (int a);
// expected-note @+1 {{'B' is declared here}}
B (int a) => ();
typedef odd IsOdd;
// expected-note @+1 {{'F' is declared here}}
F:[odd] = A;
// expected-error @+1 {{flow 'F' produces 1 output, but 'B', which ends it, produces 0}}
F:[_] = B;

// -----

// An empty chain passes on what it gets.
A (int a) => ();
typedef odd IsOdd;
// expected-error @+2 {{flow 'F' produces 0 outputs, but its empty chain passes on 1}}
// expected-note @+1 {{'F' is declared here}}
F:[odd] = ;
F:[_] = A;

// -----

// Nothing tells what a flow of empty chains takes.
// expected-error @+1 {{the type of flow 'F' is not known, since its chain is empty; give it a signature: F (...) => (...);}}
F = ;

// -----

// A source and its target, in number.
// expected-note @+1 {{'Listen' is declared here}}
Listen () => (int a, int b, int c);
// expected-note @+1 {{'Parse' is declared here}}
Parse (int a, int b) => ();
// expected-error @+1 {{node 'Parse' takes 2 inputs, but 'Listen' produces 3}}
source Listen => Parse;

// -----

// A source and its target, in type.
// expected-note @+1 {{'a' is declared here}}
Listen () => (int a);
// expected-note @+1 {{'a' is declared here}}
Parse (char *a) => ();
// expected-error @+1 {{node 'Parse' takes 'char *' as input 1, but 'Listen' produces 'int'}}
source Listen => Parse;

// -----

// A source gets nothing.
// expected-note @+1 {{'Listen' is declared here}}
Listen (int a) => (int a);
Parse (int a) => ();
// expected-error @+1 {{source 'Listen' takes 1 input, but the runtime calls a source with none}}
source Listen => Parse;

// -----

// What a target produces goes nowhere.
Listen () => (int a);
// expected-note @+1 {{'Parse' is declared here}}
Parse (int a) => (int a);
// expected-error @+1 {{node 'Parse' produces 1 output, but nothing takes the outputs of a source's target}}
source Listen => Parse;

// -----

// One wrong link does not hide the next.
// expected-note @+1 {{'A' is declared here}}
A (int a) => (int a, int b);
// expected-note @+2 {{'B' is declared here}}
// expected-note @+1 {{'a' is declared here}}
B (int a) => (int a);
// expected-note @+1 {{'a' is declared here}}
C (char *a) => ();
// expected-error @+2 {{node 'B' takes 1 input, but 'A' produces 2}}
// expected-error @+1 {{node 'C' takes 'char *' as input 1, but 'B' produces 'int'}}
F = A -> B -> C;
