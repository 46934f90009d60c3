A (int a) => (int a);
B (int a) => ();
F = A -> B;
handle error A => B;
