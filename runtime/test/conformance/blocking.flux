// Nodes that are declared blocking, in each of the four shapes and as a source: inputs, outputs, errors, sessions and errno are what
// they are elsewhere, wherever the model runs such nodes. Other nodes of the same flow may stand between them.
Numbers () => (int n);
Double (int n) => (int n, int twice);
Check (int n, int twice) => ();
Tick () => ();
Tock () => (int64_t session);
Compare (int64_t session) => ();
SetErrno (int n) => (int n);
SeeErrno (int n) => (int n);
AfterErrno (int n) => (int n);

source Numbers {session: SessionOf} => Main;
Main = SetErrno -> SeeErrno -> AfterErrno -> Double -> Check -> Pause -> Compare;
Pause = Tick -> Tock;

constraint Double:{data};
constraint Tick:{peer(session)};
handle error Double => Recover;
blocking Numbers, SeeErrno, Double, Check, Tick, Tock;
nonblocking Compare;

// RUN: %fluxc %s %S/blocking.c --model=%model -o %t && FLUX_HELPERS=3 %run %t
