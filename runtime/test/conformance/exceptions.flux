// C++ exceptions inside nodes are each flow's own, however flows interleave while they are thrown and handled: a flow that parks in
// a handler rethrows what it caught. thread_local variables are the thread's: on one loop all flows see the same.
Numbers () => (int n);
Throw (int n) => ();

source Numbers => Main;
Main = Throw;

// RUN: %fluxc %s %S/exceptions.cpp --model=%model -o %t && %run %t %if OneLoop %{--one-thread%}
