// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// C types that cannot travel between nodes, and what is no C type.

// An argument needs a name.
// expected-error @+1 {{the argument of type 'int' has no name}}
A (int) => (int a);

// -----

// So does one of a named type.
// expected-error @+1 {{the argument of type 'struct image_tag' has no name}}
A (struct image_tag) => ();

// -----

// An argument needs a type.
// expected-error @+1 {{expected a C type, found '*'}}
A (*a) => ();

// -----

// C's spelling of no arguments.
// expected-error @+1 {{no arguments are written '()'}}
A (void) => (void);

// -----

// Nothing is of type void.
// expected-error @+1 {{argument 'a' cannot be of type 'void'}}
A (void a) => ();

// -----

// References cannot be copied.
// expected-error @+1 {{a reference cannot travel between nodes; pass a pointer}}
A (int &a) => ();

// -----

// Neither can rvalue references.
// expected-error @+1 {{a reference cannot travel between nodes; pass a pointer}}
A (int &&a) => ();

// -----

// Arrays cannot be copied.
// expected-error @+1 {{an array cannot travel between nodes; pass a pointer, or a struct that holds the array}}
A (int a[4]) => ();

// -----

// Function pointers are spelled around the name.
// expected-error @+1 {{a function pointer needs a typedef of its own in an included header}}
A (int (*f)(int)) => ();

// -----

// Varargs have no types.
// expected-error @+1 {{a variable number of arguments cannot travel between nodes}}
A (int a, ...) => ();

// -----

// Words that make no arithmetic type.
// expected-error @+1 {{'unsigned float' is not a C type}}
A (unsigned float a) => ();
// expected-error @+1 {{'long long long' is not a C type}}
B (long long long a) => ();
// expected-error @+1 {{'short char' is not a C type}}
C (short char a) => ();
// expected-error @+1 {{'long double int' is not a C type}}
D (long double int a) => ();
// expected-error @+1 {{'signed unsigned' is not a C type}}
E (signed unsigned a) => ();

// -----

// A keyword is no type.
// expected-error @+1 {{expected a C type, found the keyword 'return'}}
A (return a) => ();

// -----

// A keyword behind `struct` is none either.
// expected-error @+1 {{expected a C type, found the keyword 'int'}}
A (struct int a) => ();

// -----

// Template arguments are closed.
// expected-error @+1 {{this '<' has no matching '>'}}
A (std::pair<int, std::vector<int> a) => ();

// -----

// A scope leads to a name.
// expected-error @+1 {{expected a C type, found '*'}}
A (std:: *a) => ();

// -----

// Templates hold types.
// expected-error @+1 {{this '<' has no matching '>'}}
A (std::array<int, "4"> a) => ();
