// RUN: flux-opt --verify-deadlock-free --split-input-file --verify-diagnostics %s

// What is refused in a .flux file, with the places in that file. The compiler itself mends all of these before it proves
// (assign-lock-order.flux); here the check stands alone.

// Two flows in opposite orders, through nodes that are used in both.
Listen () => (int a);
TakeA (int a) => (int a);
TakeB (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to write}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
// expected-error @below {{2 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'Forth' waits here to write 'b' and holds 'a'}}
Forth = TakeB;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
// expected-note @below {{flow 'Back' waits here to write 'a' and holds 'b'}}
Back = TakeA;
constraint TakeA:{a};
constraint TakeB:{b};
constraint Forth:{a};
constraint Back:{b};

// -----

// A flow can wait for others that run the same code: three of them for three locks.
Listen () => (int a);
Take (int a) => (int a);
TakeB (int a) => (int a);
TakeC (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = AB -> BC -> CA -> End;
// expected-note @below {{flow 'AB' takes 'a' here to write}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'AB' waits here to write 'b' and holds 'a'}}
AB = TakeB;
// expected-note @below {{flow 'BC' takes 'b' here to write}}
// expected-note @below {{flow 'BC' waits here to write 'c' and holds 'b'}}
BC = TakeC;
// expected-note @below {{flow 'CA' takes 'c' here to write}}
// expected-note @below {{flow 'CA' waits here to write 'a' and holds 'c'}}
CA = Take;
constraint AB:{a};
constraint BC:{b};
constraint CA:{c};
constraint Take:{a};
constraint TakeB:{b};
constraint TakeC:{c};

// -----

// Unconstrained flows between two constrained ones change nothing.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Outer -> End;
// expected-note @below {{it is taken for reading here}}
Outer = Between;
Between = Further -> Further;
Further = Inner;
// expected-error @below {{'a' is taken for writing here where it is held for reading}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
Inner = Work;
constraint Outer:{a?};
constraint Inner:{a};
