// What a snapshot says of flows that stand still is exact: how many are in which node, which is the oldest, who waits for a
// constraint and who holds it, and what has failed. It says so to a node, to a source, and to whoever sends SIGUSR1.
Next () => (int n);
Look () => (int n);
Hold (int n) => ();
Enter (int n) => ();
Stay (int n) => ();
Fail (int n) => ();

typedef first IsFirst;
typedef even IsEven;
typedef odd IsOdd;

source Next => Main;
source Look => Stay;
Main:[first] = Hold;
Main:[even] = Enter;
Main:[odd] = Stay;
Main:[_] = Fail;
constraint Hold:{door};
constraint Enter:{door};

// REQUIRES: kernel-calls
// RUN: %fluxc %s %S/snapshot.c --model=%model -o %t && rm -f %t.json
// RUN: %run %t %t.json --flux-snapshot=%t.json > %t.out 2> %t.err
// RUN: %python %S/Inputs/snapshot.py %model %t.out %t.json %t.err
// SKIP-MODEL: FlowsInTurn: the source never produces the second flow
