// RUN: flux-opt --verify-deadlock-free --split-input-file --verify-diagnostics %s

// Circles through several sessions, and what breaks them. A flow may be in a circle more than once.

// A circle that needs `P` twice, in two sessions: in each half the flows exclude each other within a session, by `m` or by
// `n`, but the whole goes from one session to another and back.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
// expected-note @below {{flow 'P' takes 'h' here to write}}
// expected-note @below {{taking 'w' here, together with 'h', would break the circle}}
P = P1;
// expected-error @below {{6 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'P1' in session 1 waits here to write 'w' and holds 'h'}}
// expected-note @below {{flow 'P1' in session 2 waits here to write 'w' and holds 'h'}}
P1 = Work;
// expected-note @below {{flow 'X' takes 'm' here to write}}
X = X1;
// expected-note @below {{flow 'X1' takes 'w' here to write}}
X1 = X2;
// expected-note @below {{flow 'X2' in session 1 waits here to write 'g1' and holds 'w', 'm'}}
X2 = Work;
// expected-note @below {{flow 'W' takes 'm' here to write}}
W = W1;
// expected-note @below {{flow 'W1' takes 'g1' here to write}}
W1 = W2;
// expected-note @below {{flow 'W2' in session 2 waits here to write 'h' and holds 'm', 'g1'}}
W2 = Work;
// expected-note @below {{flow 'Y' takes 'n' here to write}}
Y = Y1;
// expected-note @below {{flow 'Y1' takes 'w' here to write}}
Y1 = Y2;
// expected-note @below {{flow 'Y2' in session 2 waits here to write 'g2' and holds 'w', 'n'}}
Y2 = Work;
// expected-note @below {{flow 'Z' takes 'n' here to write}}
Z = Z1;
// expected-note @below {{flow 'Z1' takes 'g2' here to write}}
Z1 = Z2;
// expected-note @below {{flow 'Z2' in session 1 waits here to write 'h' and holds 'n', 'g2'}}
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};

// -----

// A lock of the program that a flow of each half takes keeps them apart.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
P = P1;
P1 = Work;
X = X1;
X1 = X2;
X2 = Work;
W = W1;
W1 = W2;
W2 = Work;
Y = Y1;
Y1 = Y2;
Y2 = Work;
Z = Z1;
Z1 = Z2;
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session), gate};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session), gate};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};

// -----

// Between two sessions, a session lock does not.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
// expected-note @below {{flow 'P' takes 'h' here to write}}
// expected-note @below {{taking 'w' here, together with 'h', would break the circle}}
P = P1;
// expected-error @below {{6 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'P1' in session 1 waits here to write 'w' and holds 'h'}}
// expected-note @below {{flow 'P1' in session 2 waits here to write 'w' and holds 'h'}}
P1 = Work;
// expected-note @below {{flow 'X' takes 'm' here to write}}
// expected-note @below {{flow 'X' takes 'gate' here to write}}
X = X1;
// expected-note @below {{flow 'X1' takes 'w' here to write}}
X1 = X2;
// expected-note @below {{flow 'X2' in session 1 waits here to write 'g1' and holds 'w', 'm', 'gate'}}
X2 = Work;
// expected-note @below {{flow 'W' takes 'm' here to write}}
W = W1;
// expected-note @below {{flow 'W1' takes 'g1' here to write}}
W1 = W2;
// expected-note @below {{flow 'W2' in session 2 waits here to write 'h' and holds 'm', 'g1'}}
W2 = Work;
// expected-note @below {{flow 'Y' takes 'gate' here to write}}
// expected-note @below {{flow 'Y' takes 'n' here to write}}
Y = Y1;
// expected-note @below {{flow 'Y1' takes 'w' here to write}}
Y1 = Y2;
// expected-note @below {{flow 'Y2' in session 2 waits here to write 'g2' and holds 'w', 'gate', 'n'}}
Y2 = Work;
// expected-note @below {{flow 'Z' takes 'n' here to write}}
Z = Z1;
// expected-note @below {{flow 'Z1' takes 'g2' here to write}}
Z1 = Z2;
// expected-note @below {{flow 'Z2' in session 1 waits here to write 'h' and holds 'n', 'g2'}}
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session), gate(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session), gate(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};

// -----

// It does where both flows are of one session, here the first and the last but one.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
P = P1;
P1 = Work;
X = X1;
X1 = X2;
X2 = Work;
W = W1;
W1 = W2;
W2 = Work;
Y = Y1;
Y1 = Y2;
Y2 = Work;
Z = Z1;
Z1 = Z2;
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session), gate(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session), gate(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};

// -----

// Nor do two readers keep each other apart.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
// expected-note @below {{flow 'P' takes 'h' here to write}}
// expected-note @below {{taking 'w' here, together with 'h', would break the circle}}
P = P1;
// expected-error @below {{6 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'P1' in session 1 waits here to write 'w' and holds 'h'}}
// expected-note @below {{flow 'P1' in session 2 waits here to write 'w' and holds 'h'}}
P1 = Work;
// expected-note @below {{flow 'X' takes 'm' here to write}}
X = X1;
// expected-note @below {{flow 'X1' takes 'w' here to write}}
X1 = X2;
// expected-note @below {{flow 'X2' in session 1 waits here to write 'g1' and holds 'w', 'm'}}
X2 = Work;
// expected-note @below {{flow 'W' takes 'm' here to write}}
W = W1;
// expected-note @below {{flow 'W1' takes 'g1' here to write}}
W1 = W2;
// expected-note @below {{flow 'W2' in session 2 waits here to write 'h' and holds 'm', 'g1'}}
W2 = Work;
// expected-note @below {{flow 'Y' takes 'n' here to write}}
Y = Y1;
// expected-note @below {{flow 'Y1' takes 'w' here to write}}
Y1 = Y2;
// expected-note @below {{flow 'Y2' in session 2 waits here to write 'g2' and holds 'w', 'n'}}
Y2 = Work;
// expected-note @below {{flow 'Z' takes 'n' here to write}}
Z = Z1;
// expected-note @below {{flow 'Z1' takes 'g2' here to write}}
Z1 = Z2;
// expected-note @below {{flow 'Z2' in session 1 waits here to write 'h' and holds 'n', 'g2'}}
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session), gate?};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session), gate?};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};

// -----

// Readers of `h` wait for nobody, as long as nobody writes it.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
P = P1;
P1 = Work;
X = X1;
X1 = X2;
X2 = Work;
W = W1;
W1 = W2;
W2 = Work;
Y = Y1;
Y1 = Y2;
Y2 = Work;
Z = Z1;
Z1 = Z2;
Z2 = Work;
constraint P:{h?(session)};
constraint P1:{w(session)};
constraint X:{m(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h?(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h?(session)};

// -----

// A writer in each session makes them wait. Nobody waits for him alone, as he is the only one to hold `k`.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth; typedef fifth Fifth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[fifth] = V;
Page:[_] = Z;
// expected-note @below {{flow 'P' takes 'h' here to read}}
// expected-note @below {{taking 'w' here, together with 'h', would break the circle}}
P = P1;
// expected-error @below {{8 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'P1' in session 1 waits here to write 'w' and holds 'h'}}
// expected-note @below {{flow 'P1' in session 2 waits here to write 'w' and holds 'h'}}
P1 = Work;
// expected-note @below {{flow 'X' takes 'm' here to write}}
X = X1;
// expected-note @below {{flow 'X1' takes 'w' here to write}}
X1 = X2;
// expected-note @below {{flow 'X2' in session 1 waits here to write 'g1' and holds 'w', 'm'}}
X2 = Work;
// expected-note @below {{flow 'W' takes 'm' here to write}}
W = W1;
// expected-note @below {{flow 'W1' takes 'g1' here to write}}
W1 = W2;
// expected-note @below {{flow 'W2' in session 2 waits here to read 'h' and holds 'm', 'g1'}}
W2 = Work;
// expected-note @below {{flow 'Y' takes 'n' here to write}}
Y = Y1;
// expected-note @below {{flow 'Y1' takes 'w' here to write}}
Y1 = Y2;
// expected-note @below {{flow 'Y2' in session 2 waits here to write 'g2' and holds 'w', 'n'}}
Y2 = Work;
// expected-note @below {{flow 'V' takes 'k' here to write}}
V = V1;
// expected-note @below {{flow 'V1' in session 2 waits here to write 'h' and holds 'k'}}
// expected-note @below {{flow 'V1' in session 1 waits here to write 'h' and holds 'k'}}
V1 = Work;
// expected-note @below {{flow 'Z' takes 'n' here to write}}
Z = Z1;
// expected-note @below {{flow 'Z1' takes 'g2' here to write}}
Z1 = Z2;
// expected-note @below {{flow 'Z2' in session 1 waits here to read 'h' and holds 'n', 'g2'}}
Z2 = Work;
constraint P:{h?(session)};
constraint P1:{w(session)};
constraint X:{m(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h?(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h?(session)};
constraint V:{k(session)};
constraint V1:{h(session)};

// -----

// If all writers hold `k`, only one of the two sessions has one at a time, so that there is no circle. The proof asks for each
// flow whether a writer can wait beside it, and cannot tell.
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth; typedef fifth Fifth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[fifth] = V;
Page:[_] = Z;
// expected-note @below {{flow 'P' takes 'h' here to read}}
// expected-note @below {{taking 'w' here, together with 'h', would spare the proof this wait}}
P = P1;
// expected-error @below {{no flows can wait for each other in a circle, but no proof of this was found that others can check}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'P1' waits here to write 'w' and holds 'h'}}
P1 = Work;
X = X1;
X1 = X2;
X2 = Work;
W = W1;
W1 = W2;
W2 = Work;
Y = Y1;
Y1 = Y2;
Y2 = Work;
V = V1;
V1 = Work;
Z = Z1;
Z1 = Z2;
Z2 = Work;
constraint P:{h?(session)};
constraint P1:{w(session)};
constraint X:{m(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h?(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h?(session)};
constraint V:{k};
constraint V1:{h(session)};
