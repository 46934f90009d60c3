A (int a) => (int a);
F = A;
G = F -> B;
B (char a) => ();
