// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// What does not follow the grammar.

// Several errors of one run: parsing goes on behind each semicolon.
// expected-error @+1 {{expected '=>' or '->' after the inputs, found '='}}
A (int a) = (int a);
// expected-error @+1 {{expected a node or a flow, found '->'}}
F = -> A;
// expected-error @+1 {{expected '=>' or '->' after the source, found 'B'}}
source A B;
// expected-error @+1 {{expected a node or a flow after '->', found ';'}}
G = A -> ;
// expected-error @+1 {{expected 'error' after 'handle', found 'errors'}}
handle errors A => B;

// -----

// A missing semicolon at the end of a line does not hide the next item.
// expected-error @+1 {{expected ';' after the signature}}
A (int a) => (int a)
B (int a) => (int a);
// expected-error @+1 {{expected ';' after the chain}}
F = A -> B

// -----

// In the middle of a line it does.
// expected-error @+1 {{expected ';' after the signature, found 'B'}}
A (int a) => (int a) B (int a) => (int a);

// -----

// A name alone declares nothing.
// expected-error @+1 {{expected '(', ':' or '=' after 'Listen', found ';'}}
Listen;

// -----

// Nothing but a name starts an item.
// expected-error @+1 {{expected a declaration, found '->'}}
-> A;

// -----

// The wildcard is no name.
// expected-error @+1 {{expected a declaration, found '_'}}
_ (int a) => (int a);

// -----

// A number is no name.
// expected-error @+1 {{expected a declaration, found '7'}}
7 (int a) => (int a);

// -----

// The end of the file in the middle of a signature.
// expected-error @+1 {{expected a C type, found the end of the file}}
A (int a,

// -----

// The end of the file behind the inputs.
// expected-error @+1 {{expected '=>' or '->' after the inputs, found the end of the file}}
A (int a)

// -----

// A signature needs its outputs, if only `()`.
// expected-error @+1 {{expected '=>' or '->' after the inputs, found ';'}}
A (int a);

// -----

// A signature needs commas.
// expected-error @+1 {{expected ',' or ')' after an argument, found 'int'}}
A (int a int b) => ();

// -----

// A comma leads to an argument.
// expected-error @+1 {{expected a C type, found ')'}}
A (int a,) => ();

// -----

// The links of a chain need arrows.
// expected-error @+1 {{expected ';' after the chain, found 'B'}}
F = A B;

// -----

// The other arrow does not join links.
// expected-error @+1 {{the links of a chain are joined by '->', not by '=>'}}
F = A => B;

// -----

// A closing parenthesis without an opening one.
// expected-error @+1 {{expected ';' after the chain, found ')'}}
F = A);

// -----

// An opening parenthesis without a closing one.
// expected-error @+1 {{this '(' has no matching ')'}}
F = (A -> (B -> C);

// -----

// An arrow leads to a link.
// expected-error @+1 {{expected a node or a flow after '->', found '->'}}
F = A -> -> B;

// -----

// An arrow in a group leads to a link, too.
// expected-error @+1 {{expected a node or a flow after '->', found ')'}}
F = (A ->) -> B;

// -----

// A group is followed by an arrow.
// expected-error @+1 {{expected ';' after the chain, found '('}}
F = (A) (B);

// -----

// A pattern needs its equals sign.
// expected-error @+1 {{expected '=' before the chain of flow 'F', found 'A'}}
F:[_] A;

// -----

// A pattern needs an element.
// expected-error @+1 {{expected '_', '*' or the name of a predicate, found ']'}}
F:[] = A;

// -----

// A pattern needs its bracket.
// expected-error @+1 {{expected ',' or ']' after a pattern, found '='}}
F:[_, hit = A;

// -----

// A pattern without its brackets.
// expected-error @+1 {{expected '[' before the pattern, found 'hit'}}
F:hit = A;

// -----

// `include` names its header in quotes.
// expected-error @+1 {{expected the header's name in double quotes after 'include', found '<'}}
include <stdio.h>;

// -----

// `include` names a header.
// expected-error @+1 {{the header's name is empty}}
include "";

// -----

// The preprocessor's spelling is not Flux's.
// expected-error @+1 {{unexpected '#'}}
#include "image.h"

// -----

// A predicate needs its C function.
// expected-error @+1 {{expected the C function that tests the predicate, found ';'}}
typedef hit;

// -----

// A source needs an arrow.
// expected-error @+1 {{expected '=>' or '->' after the source, found 'Page'}}
source Listen Page;

// -----

// A source needs its target.
// expected-error @+1 {{expected the flow that the source starts, found ';'}}
source Listen => ;

// -----

// A source's braces hold its session.
// expected-error @+1 {{expected 'session' after '{', found 'Sid'}}
source Listen {Sid} => Page;

// -----

// A session is a name.
// expected-error @+1 {{expected the session's C function, found '}'}}
source Listen {session: } => Page;

// -----

// A session's brace is closed.
// expected-error @+1 {{expected '}' after the session's function, found '=>'}}
source Listen {session: Sid => Page;

// -----

// A constraint names a function.
// expected-error @+1 {{expected '[' before the pattern, found '{'}}
constraint : {a};

// -----

// A constraint has locks.
// expected-error @+1 {{expected the name of a lock, found '}'}}
constraint A:{};

// -----

// A constraint has braces.
// expected-error @+1 {{expected '{' before the locks of a constraint, found 'cache'}}
atomic A: cache;

// -----

// A lock is either read or written.
// expected-error @+1 {{expected ',' or '}' after a lock, found '!'}}
constraint A:{a?!};

// -----

// A lock has one of two scopes.
// expected-error @+1 {{expected 'program' or 'session' as the scope of a lock, found 'global'}}
constraint A:{a(global)};

// -----

// A lock's scope is closed.
// expected-error @+1 {{expected ')' after the scope of a lock, found '}'}}
constraint A:{a(session};

// -----

// A constraint's brace is closed.
// expected-error @+1 {{expected ',' or '}' after a lock, found ';'}}
constraint A:{a;

// -----

// `handle` handles errors.
// expected-error @+1 {{expected 'error' after 'handle', found 'A'}}
handle A => B;

// -----

// A handler handles errors of something.
// expected-error @+1 {{a handler needs the node or flow whose errors it takes}}
handle error => H;

// -----

// A handler is a function.
// expected-error @+1 {{expected '=>' or '->' and the handler's C function, found ';'}}
handle error A;

// -----

// A handler is one function.
// expected-error @+1 {{expected the handler's C function, found ';'}}
handle error A => ;

// -----

// `blocking` names a node.
// expected-error @+1 {{expected the name of a node, found ';'}}
blocking A, ;

// -----

// Nodes are separated by commas.
// expected-error @+1 {{expected ';' after the list of nodes, found 'B'}}
nonblocking A B;

// -----

// What begins like a declaration without being one, with what it may have been meant to be.
// expected-note @+2 {{did you mean 'constraint'?}}
// expected-error @+1 {{expected '(', ':' or '=' after 'constriant', found 'Read'}}
constriant Read:{x};
// expected-note @+2 {{did you mean 'source'?}}
// expected-error @+1 {{expected '(', ':' or '=' after 'Source', found 'Listen'}}
Source Listen => Page;
// expected-note @+2 {{a signature begins with the node's name: it has no return type}}
// expected-error @+1 {{expected '(', ':' or '=' after 'int', found 'Read'}}
int Read (int fd) => ();
