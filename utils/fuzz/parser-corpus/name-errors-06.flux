A (int a) => ();
F:[hit] = A;
F:[_] = A;
