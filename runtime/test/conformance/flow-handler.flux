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

// RUN: %fluxc %s %S/flow-handler.c --model=%model -o %t && %run %t
