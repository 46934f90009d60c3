// An error without a handler of its own goes to the nearest enclosing flow that has one, with the input of that flow.
Numbers () => (int n);
Shift (int n) => (int m);
Fail (int m) => (int m);
Own (int m) => (int m);
After (int m) => ();

source Numbers => Main;
Main = Outer;
Outer = Shift -> Inner -> After;
Inner = Fail -> Own;

handle error Outer => TakeOuter;
handle error Own => TakeOwn;

// RUN: %fluxc %s %S/flow-handler.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/flow-handler.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/flow-handler.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/flow-handler.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/flow-handler.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/flow-handler.c --model=percore -o %t && %run %t --flux-cores=3
