A (int a) => (int a, int b);
B (int a) => ();
F = A -> B;
