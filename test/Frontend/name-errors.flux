// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Names: what is not declared, declared twice, or not a name in C.

// A node that is not declared, with what it may have been.
// expected-note @+1 {{did you mean 'ReadRequest'?}}
ReadRequest (int a) => (int a);
// expected-error @+1 {{no node or flow is named 'ReadReqest'}}
F = ReadRequest -> ReadReqest;

// -----

// Nothing is near.
// expected-error @+1 {{no node or flow is named 'Nothing'}}
F = Nothing;

// -----

// A source and its target.
// expected-error @+2 {{no node or flow is named 'Listen'}}
// expected-error @+1 {{no node or flow is named 'Page'}}
source Listen => Page;

// -----

// What a handler handles.
// expected-error @+1 {{no node or flow is named 'Read'}}
handle error Read => BadRequest;

// -----

// What a constraint constrains.
// expected-error @+1 {{no node or flow is named 'Read'}}
constraint Read:{cache};

// -----

// What blocks.
// expected-error @+1 {{no node or flow is named 'Read'}}
blocking Read;

// -----

// A predicate.
A (int a) => ();
// expected-error @+1 {{no predicate is named 'hit'; define it: typedef hit <C function>;}}
F:[hit] = A;
F:[_] = A;

// -----

// A predicate is no node.
// expected-note @+1 {{it is a predicate here}}
typedef hit TestInCache;
// expected-error @+1 {{'hit' is a predicate, not a node or a flow}}
F = hit;

// -----

// A lock is no node.
A (int a) => ();
// expected-note @+1 {{it is a lock here}}
constraint A:{cache};
// expected-error @+1 {{'cache' is a lock, not a node or a flow}}
F = cache;

// -----

// A node is no predicate.
// expected-note @+1 {{it is a node or flow here}}
A (int a) => ();
// expected-error @+1 {{'A' is a node or flow, not a predicate}}
F:[A] = A;
F:[_] = A;

// -----

// Two signatures.
// expected-note @+1 {{the first is here}}
A (int a) => ();
// expected-error @+1 {{'A' has two signatures}}
A (int a) => ();

// -----

// Two definitions.
A (int a) => ();
// expected-note @+1 {{the first definition is here}}
F = A;
// expected-error @+1 {{flow 'F' is defined twice}}
F = A;

// -----

// A definition without and one with patterns.
A (int a) => ();
typedef odd IsOdd;
// expected-note @+1 {{the first definition is here}}
F:[odd] = A;
// expected-error @+1 {{flow 'F' is defined both with and without patterns}}
F = A;

// -----

// Two predicates.
// expected-note @+1 {{the first definition is here}}
typedef odd IsOdd;
// expected-error @+1 {{predicate 'odd' is defined twice}}
typedef odd IsEven;

// -----

// Names of predicates and nodes are one set.
// expected-note @+1 {{it is a node or flow here}}
odd (int a) => ();
// expected-error @+1 {{'odd' cannot name a predicate: it already names a node or flow}}
typedef odd IsOdd;

// -----

// Names of locks and nodes are one set.
// expected-note @+1 {{it is a node or flow here}}
A (int a) => ();
// expected-error @+1 {{'A' cannot name a lock: it already names a node or flow}}
constraint A:{A};

// -----

// Names of locks and predicates are one set.
// expected-note @+1 {{it is a predicate here}}
typedef odd IsOdd;
A (int a) => ();
// expected-error @+1 {{'odd' cannot name a lock: it already names a predicate}}
constraint A:{odd};

// -----

// A C function has one prototype: node and predicate.
// expected-error @+1 {{C function 'IsOdd' cannot be a node and a predicate's function at once: their prototypes differ}}
IsOdd (int a) => ();
// expected-note @+1 {{it is a predicate's function here}}
typedef odd IsOdd;

// -----

// A C function has one prototype: node and session.
Listen () => (int a);
// expected-error @+1 {{C function 'Page' cannot be a node and a session's function at once: their prototypes differ}}
Page (int a) => ();
// expected-note @+1 {{it is a session's function here}}
source Listen {session: Page} => Page;

// -----

// A C function has one prototype: node and handler.
A (int a) => (int a);
// expected-note @+1 {{it is a node here}}
B (int a) => ();
F = A -> B;
// expected-error @+1 {{C function 'B' cannot be a handler and a node at once: their prototypes differ}}
handle error A => B;

// -----

// A C function has one prototype: flow and handler.
A (int a) => ();
F = A;
// expected-note @+1 {{it is a flow here}}
G = A;
// expected-error @+1 {{C function 'G' cannot be a handler and a flow at once: their prototypes differ}}
handle error A => G;

// -----

// A C function has one prototype: predicate and handler.
A (int a) => ();
// expected-note @+1 {{it is a predicate's function here}}
typedef odd H;
// expected-error @+1 {{C function 'H' cannot be a handler and a predicate's function at once: their prototypes differ}}
handle error A => H;

// -----

// Keywords of C and C++ name no function.
// expected-error @+1 {{'while' is a keyword of C or C++ and cannot name a node}}
while (int a) => (int a);
// expected-error @+1 {{'class' is a keyword of C or C++ and cannot name a node}}
class (int a) => (int a);
F = while -> class;
// expected-error @+1 {{'operator' is a keyword of C or C++ and cannot name a predicate's function}}
typedef odd operator;
// expected-error @+1 {{'delete' is a keyword of C or C++ and cannot name a handler}}
handle error F => delete;

// -----

// Nor an argument.
// expected-error @+2 {{'new' is a keyword of C or C++ and cannot name an argument}}
// expected-error @+1 {{'private' is a keyword of C or C++ and cannot name an argument}}
A (int new) => (int private);

// -----

// The runtime's names are taken.
// expected-error @+1 {{'main' is defined by the Flux runtime and cannot name a node}}
main (int a) => ();
// expected-error @+1 {{'flux_stop' is defined by the Flux runtime and cannot name a node}}
flux_stop (int a) => ();

// -----

// So are those of the generated structures.
// expected-note @+1 {{'Read' is declared here}}
Read (int a) => (int a);
// expected-error @+1 {{'Read_in' is the name of a struct that belongs to 'Read'}}
Read_in (int a) => ();
// expected-note @+1 {{'Page' is declared here}}
Page = Read;
// expected-error @+1 {{'Page_out' is the name of a struct that belongs to 'Page'}}
Page_out = Read;

// -----

// Two inputs of one name, and two outputs.
// expected-error @+4 {{two inputs are named 'a'}}
// expected-note @+3 {{the first 'a' is here}}
// expected-error @+2 {{two outputs are named 'b'}}
// expected-note @+1 {{the first 'b' is here}}
A (int a, char a) => (int b, int b);

// -----

// The same source twice.
Listen () => (int a);
Page (int a) => ();
// expected-note @+1 {{the first time is here}}
source Listen => Page;
// expected-error @+1 {{source 'Listen' starts 'Page' twice}}
source Listen => Page;

// -----

// Only nodes block.
A (int a) => ();
// expected-note @+1 {{the flow is defined here}}
F = A;
// expected-error @+1 {{'F' is a flow; only nodes are declared to block or not}}
blocking F;

// -----

// A node blocks or does not.
A (int a) => ();
// expected-note @+1 {{the first declaration is here}}
blocking A;
// expected-error @+1 {{node 'A' is declared both blocking and nonblocking}}
nonblocking A;

// -----

// Declared once.
A (int a) => ();
// expected-note @+1 {{the first declaration is here}}
nonblocking A;
// expected-error @+1 {{node 'A' is declared nonblocking twice}}
nonblocking A;

// -----

// A predicate goes by its own name, not by that of its C function.
// expected-note @+1 {{did you mean 'even', whose C function is 'IsEven'?}}
typedef even IsEven;
// expected-note @+1 {{did you mean 'odd', whose C function is 'IsOdd'?}}
typedef odd IsOdd;
A (int a) => (int a);
// expected-error @+1 {{no predicate is named 'IsEven'}}
F:[IsEven] = A;
// expected-error @+1 {{no predicate is named 'Odd'}}
F:[Odd] = A;
F:[_] = A;

// -----

// A predicate that is misspelt: the one that is most like it, and of two that are alike the first.
// expected-note @+1 {{did you mean 'get', whose C function is 'IsGet'?}}
typedef get IsGet;
typedef set IsSet;
A (int a) => (int a);
// expected-error @+1 {{no predicate is named 'gett'}}
F:[gett] = A;
// expected-error @+1 {{no predicate is named 'met'}}
F:[met] = A;
F:[_] = A;

// -----

// Two letters that have changed places.
// expected-note @+1 {{did you mean 'Write'?}}
Write (int a) => ();
// expected-error @+1 {{no node or flow is named 'Wirte'}}
F = Wirte;

// -----

// What a node is called is what its C function is called: one that the C library has would be called in its place.
// expected-warning @+1 {{node 'read' takes the place of the C library's function of that name, for all that calls it; name it otherwise}}
read (int a) => (int a);
// expected-warning @+1 {{predicate's function 'write' takes the place of the C library's function of that name}}
typedef w write;
// A flow is no C function.
send = read;
