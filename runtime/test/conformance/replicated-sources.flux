// A program may let its sources run on several threads at once. Each copy ends by itself; a flow stays on the thread of the
// copy that has produced it, unless it has a session: all flows of one session run on one thread. That of a session that is
// the number of a copy is the copy's, and also a node that runs elsewhere for it is told that number. Where a model runs one copy, nothing is different.
include "stdint.h";

Numbers () => (int n, int64_t thread);
Stay (int n, int64_t thread) => ();
Which () => (int replica);
Where (int replica) => (int replica, int64_t thread);
Use (int replica, int64_t thread) => ();
Keys () => (int key);
Enter (int key) => (int key);
Leave (int key) => ();

source Numbers => Stay;
Parts = Which -> Where;
source Parts {session: ReplicaOf} => Use;
source Keys {session: KeyOf} => Own;
Own = Enter -> Leave;

constraint Own:{key(session)};
constraint Use:{part(session)};
blocking Which;

// RUN: %fluxc %s %S/replicated-sources.c --model=%model -o %t && export %if Processes %{FLUX_WORKERS=1%} FLUX_CORES=1 && %run %t
// RUN: FLUX_CORES=3 %run %t
