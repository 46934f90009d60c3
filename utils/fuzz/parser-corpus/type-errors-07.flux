A (int a) => (int a);
F (int a) => (long a);
F = A;
