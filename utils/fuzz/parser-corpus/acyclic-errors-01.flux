A (int a) => (int a);
F = A -> G;
G = A -> H;
H = F;
