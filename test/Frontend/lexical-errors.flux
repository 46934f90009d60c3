// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// What is not a token.

// A character that starts no token is skipped, so that the rest is still checked.
A (int a) => (int a);
// expected-error @+1 {{unexpected '%'}}
F = A % A;
// expected-error @+1 {{unexpected '@'}}
F = A @ A;

// -----

// Names are ASCII; one error stands for the whole word.
// expected-error @+1 {{names are written in ASCII; other characters may stand in comments and strings only}}
Größe (int a) => (int a);

// -----

// A comment that is never closed takes the rest of the file with it.
A (int a) => ();
// expected-error @+1 {{this comment is never closed with '*/'}}
/* B (int a) => ();
C (int a) => ();

// -----

// A slash alone starts no comment.
// expected-error @+2 {{unexpected '/'}}
// expected-error @+1 {{expected '(', ':' or '=' after 'comment', found the end of the file}}
A (int a) => (); / comment

// -----

// A string ends at the end of its line.
// expected-error @+1 {{this string is never closed with '"'}}
include "image.h;
A (int a) => ();

// -----

// A backslash is no part of any token.
// expected-error @+1 {{unexpected '\'}}
A (int a) => (int a);\

// -----

// Headers are named by an item of the language.
// expected-error @+1 {{unexpected '#'; write: include "header.h";}}
#include "stdint.h"
A (int a) => ();
