A (int a) => ();
F = A;
blocking F;
