A (int a) => (int a);
F = A -> F;
