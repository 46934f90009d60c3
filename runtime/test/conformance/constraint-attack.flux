// Constraints under attack: hundreds of flows whose nodes wait in the middle of constrained regions - for time, for another process,
// on a helper where the model has some - and check that no writer meets another or a reader, and that no two flows of one session meet.
// Errors leave regions halfway; some regions are nested; nodes that do not block stand among those that do.
Numbers () => (int n);
BeginWrite (int n) => (int n);
EndWrite (int n) => ();
Undo (int n) => ();
BeginRead (int n) => (int n);
EndRead (int n) => ();
BeginPeer (int n) => (int n);
EndPeer (int n) => ();
Nap (int n) => (int n);
Ask (int n) => (int n);
Sleep (int n) => (int n);
Glance (int n) => (int n);
Tally (int n) => (int n);
typedef writing IsWriting;
typedef reading IsReading;
typedef talking IsTalking;
typedef failing IsFailing;
typedef nesting IsNesting;

source Numbers {session: SessionOf} => Attack;

Attack = Tally -> Glance -> Choose;
Choose:[writing] = Write;
Choose:[reading] = Read;
Choose:[talking] = Talk;
Choose:[failing] = Fail;
Choose:[nesting] = Nest;
Choose:[_] = Help;
Write = BeginWrite -> Nap -> EndWrite;
Read = BeginRead -> Ask -> EndRead;
Talk = BeginPeer -> Nap -> EndPeer;
Fail = BeginWrite -> Ask -> Undo;
Nest = BeginPeer -> Enter -> EndPeer;
Enter = Inner -> Nap;
Inner = BeginWrite -> Nap -> Leave;
Leave (int n) => (int n);
Help = BeginWrite -> Sleep -> EndWrite;

constraint Write:{table};
constraint Read:{table?};
constraint Talk:{peer(session)};
constraint Fail:{table};
constraint Nest:{peer(session)};
constraint Inner:{table};
constraint Help:{table};
constraint Glance:{table?};
constraint Tally:{tally};
handle error Undo => Undone;
blocking Sleep;
nonblocking Glance, Tally;

// RUN: %fluxc %s %S/constraint-attack.c --model=%model -o %t && FLUX_HELPERS=3 %run %t

// The same checks notice a build in which the constraints are missing: they would notice if one were. Nothing overlaps, with
// constraints or without, where a flow begins when the last one has ended.
// RUN: %flux-opt %s --flux-check --flux-elide-locks=force -o %t.mlir
// RUN: %fluxc %t.mlir %S/constraint-attack.c --model=%model -o %t
// RUN: %if !FlowsInTurn %{not %run %t 2>&1 | FileCheck %s%}
// CHECK: {{not so: |data race}}

// On one loop, the constraint that nobody waits under is not there, and all others are.
// RUN: %if OneLoop %{%flux-opt %s --flux-check --flux-elide-locks=model=%model 2>&1 | FileCheck %s --check-prefix=LOOP%}
// LOOP-DAG: remark: lock 'tally' is removed: no flow can park while it holds it
// LOOP-DAG: remark: lock 'table' is kept
// LOOP-DAG: remark: lock 'peer' is kept
