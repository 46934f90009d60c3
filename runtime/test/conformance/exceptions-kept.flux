// On request, an exception that leaves a node ends the server, as one does that leaves a thread.
Numbers () => (int n);
Throw (int n) => ();
source Numbers => Throw;
handle error Throw => Caught;

// RUN: %fluxc %s %S/exceptions-kept.cpp --model=%model --no-exceptions -o %t
// RUN: %if !Processes %{not --crash%} %run %t 2>&1 | FileCheck %s
// CHECK: terminate called after throwing an instance of 'std::runtime_error'
// CHECK-NOT: caught
