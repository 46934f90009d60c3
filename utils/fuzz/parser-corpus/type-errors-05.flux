A (double a) => ();
F (int a) => ();
F = A;
