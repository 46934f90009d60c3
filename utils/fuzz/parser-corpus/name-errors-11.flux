A (int a) => ();
F = A;
F = A;
