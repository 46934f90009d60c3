A (int a, int b) => ();
F (int a) => ();
F = A;
