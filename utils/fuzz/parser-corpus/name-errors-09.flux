A (int a) => ();
F:[A] = A;
F:[_] = A;
