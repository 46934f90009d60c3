A (int a) => (int a, int b);
B (int a) => (int a);
C (char *a) => ();
F = A -> B -> C;
