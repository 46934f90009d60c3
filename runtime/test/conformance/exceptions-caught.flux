// An exception that leaves a function of the program is an error of that function: its constraints are released, its handler gets
// FLUX_E_EXCEPTION, and what() is shown. One that leaves a handler, or gives a flow no session, ends that flow alone; the error that the
// handler was to take has then found none. All this whether nodes are part of the flows or not, and on a helper, too.
Numbers () => (int n);
First (int n) => (int n);
Second (int n) => (int n);
Third (int n) => (int n);
Slow (int n) => (int n);
Last (int n) => ();

source Numbers {session: SessionOf} => Main;
Main = First -> Choose -> Second -> Third -> Slow -> Last;
Choose (int n) => (int n);
typedef even IsEven;
Choose:[even] = ;
Choose:[_] = ;
blocking Slow;

constraint First:{held};
constraint TookFirst:{held};
constraint Choose:{mine(session)};
constraint Third:{held};
constraint TookThird:{held};
constraint Slow:{mine(session)};
constraint TookSlow:{mine(session)};
handle error Numbers => Lost;
handle error First => TookFirst;
handle error Choose => TookChoose;
handle error Third => TookThird;
handle error Slow => TookSlow;

// RUN: %fluxc %s %S/exceptions-caught.cpp --model=%model -o %t
// RUN: %run %t 8 2>&1 | FileCheck %s && %run %t 800
// RUN: %fluxc %s %S/exceptions-caught.cpp --model=%model --no-fuse -o %t
// RUN: %run %t 8 2>&1 | FileCheck %s && %run %t 800

// CHECK-DAG: node 'First' ({{.*}}exceptions-caught.flux:5) has thrown std::runtime_error: first of 0
// CHECK-DAG: predicate 'IsEven' ({{.*}}exceptions-caught.flux:14) has thrown std::out_of_range: predicate of 1
// CHECK-DAG: node 'Second' ({{.*}}exceptions-caught.flux:6) has thrown int
// CHECK-DAG: 'Second' ({{.*}}exceptions-caught.flux:6) failed with -1008 (a C++ exception has left it), and no handler takes it
// CHECK-DAG: handler 'TookThird' ({{.*}}exceptions-caught.flux:{{[0-9]+}}) has thrown std::logic_error: handler of 3
// CHECK-DAG: 'Third' ({{.*}}exceptions-caught.flux:7) failed with 9 (as errno: Bad file descriptor), and no handler takes it
// CHECK-DAG: node 'Slow' ({{.*}}exceptions-caught.flux:8) has thrown std::runtime_error: slow of 4
// CHECK-DAG: the session function of source 'Numbers' ({{.*}}exceptions-caught.flux:11) has thrown std::runtime_error: session of 5
// CHECK-DAG: node 'Numbers' ({{.*}}exceptions-caught.flux:4) has thrown std::runtime_error: source of 6
// CHECK-DAG: an end of what is owned by a flow of source 'Numbers' has thrown std::runtime_error: end of 7
