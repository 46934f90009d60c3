// A flow may ask again for what it holds: inside of its own constraint, for less than it has, and after an error inside.
Numbers () => (int n);
Outer (int n) => (int n);
Inner (int n) => (int n);
Look (int n) => (int n);
End (int n) => ();

source Numbers => Main;
Main = Outer -> Nest -> End;
Nest = Inner -> Look;

constraint Main:{data};
constraint Nest:{data};
constraint Inner:{data, more};
constraint Look:{data?};
handle error Look => Recover;

// RUN: %fluxc %s %S/reentrant.c --model=%model -o %t && %run %t
