// RUN: flux-opt --verify-deadlock-free --split-input-file --verify-diagnostics %s

// In all of these `Forth` reads `a` around `b` and `Back` the other way round, which is harmless as long as nobody writes
// `a`: only the handler `Failed` does. Its lock counts only where an error can reach it.

// The node's own handler takes every error of `Forth`.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
Forth = InForth;
InForth = Work;
Back = InBack;
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Work => Log;
handle error Forth => Failed;
constraint Failed:{a};

// -----

// Nothing takes it.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to read}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
Forth = InForth;
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'InForth' waits here to write 'b' and holds 'a'}}
InForth = Work;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
Back = InBack;
// expected-note @below {{flow 'InBack' waits here to read 'a' and holds 'b'}}
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
// expected-note @below {{handler 'Failed' waits here to write 'a'}}
handle error Forth => Failed;
constraint Failed:{a};

// -----

// A handler for the node within this very flow takes it, too.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
Forth = InForth;
InForth = Work;
Back = InBack;
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Page -> InForth -> Work => Log;
handle error Forth => Failed;
constraint Failed:{a};

// -----

// One within another flow does not.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to read}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
Forth = InForth;
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'InForth' waits here to write 'b' and holds 'a'}}
InForth = Work;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
Back = InBack;
// expected-note @below {{flow 'InBack' waits here to read 'a' and holds 'b'}}
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error InBack -> Work => Log;
// expected-note @below {{handler 'Failed' waits here to write 'a'}}
handle error Forth => Failed;
constraint Failed:{a};

// -----

// A handler for a node everywhere is idle where each place has one with a longer path.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
Forth = InForth;
InForth = Work;
Back = InBack;
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Work => Failed;
handle error Forth -> Work => Log;
handle error Back -> Work => Log;
constraint Failed:{a};

// -----

// A flow that is called from two places: the path leads through one of them only.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> Shared -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to read}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
Forth = InForth;
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'InForth' waits here to write 'b' and holds 'a'}}
InForth = Shared;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
Back = InBack;
// expected-note @below {{flow 'InBack' waits here to read 'a' and holds 'b'}}
InBack = Shared;
Shared = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
// expected-note @below {{handler 'Failed' waits here to write 'a'}}
handle error Work => Failed;
handle error Forth -> Work => Log;
handle error Back -> Work => Log;
constraint Failed:{a};

// -----

// A dispatch fails by itself where no case matches, whoever handles the errors of what it calls.
typedef small IsSmall;
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to read}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
Forth = InForth;
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
// expected-note @below {{flow 'InForth' waits here to write 'b' and holds 'a'}}
// expected-warning @below {{flow 'InForth' ends with FLUX_E_NOMATCH where no case matches; add a last case [_]}}
InForth:[small] = Work;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
Back = InBack;
// expected-note @below {{flow 'InBack' waits here to read 'a' and holds 'b'}}
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Work => Log;
// expected-note @below {{handler 'Failed' waits here to write 'a'}}
handle error Forth => Failed;
constraint Failed:{a};

// -----

// With a case for everything else it does not.
typedef small IsSmall;
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
Forth = InForth;
InForth:[small] = Work;
InForth:[_] = ;
Back = InBack;
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Work => Log;
handle error Forth => Failed;
constraint Failed:{a};

// -----

// A source's function fails, too, and its handler takes its locks as others do.
Listen () => (int a);
Work (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Forth -> Back -> End;
// expected-note @below {{flow 'Forth' takes 'a' here to read}}
// expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
Forth = InForth;
// expected-error @below {{3 flows can wait for each other in a circle}}
// expected-note @below {{flow 'InForth' waits here to write 'b' and holds 'a'}}
// expected-note @below {{this is the program as it is written; 'fluxc check'}}
InForth = Work;
// expected-note @below {{flow 'Back' takes 'b' here to write}}
Back = InBack;
// expected-note @below {{flow 'InBack' waits here to read 'a' and holds 'b'}}
InBack = Work;
constraint Forth:{a?};
constraint InForth:{b};
constraint Back:{b};
constraint InBack:{a?};
handle error Work => Log;
// expected-note @below {{handler 'Failed' waits here to write 'a'}}
handle error Listen => Failed;
constraint Failed:{a};
