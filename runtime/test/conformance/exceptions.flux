// C++ exceptions inside nodes are each flow's own, however flows interleave while they are thrown and handled: a flow that parks in
// a handler rethrows what it caught. thread_local variables are the thread's: on one loop all flows see the same.
Numbers () => (int n);
Throw (int n) => ();

source Numbers => Main;
Main = Throw;

// RUN: %fluxc %s %S/exceptions.cpp --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/exceptions.cpp --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/exceptions.cpp --model=sped -o %t && %run %t --one-thread
// RUN: %fluxc %s %S/exceptions.cpp --model=amped -o %t && %run %t --one-thread
// RUN: %fluxc %s %S/exceptions.cpp --model=percore -o %t && %run %t --flux-cores=3
