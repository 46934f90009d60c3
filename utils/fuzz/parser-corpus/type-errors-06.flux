A (int a) => (int a, int b);
F (int a) => (int a);
F = A;
