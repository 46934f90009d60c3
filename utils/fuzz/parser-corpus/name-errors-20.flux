A (int a) => ();
F = A;
G = A;
handle error A => G;
