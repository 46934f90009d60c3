A (int a) => (int a);
F = A % A;
F = A @ A;
