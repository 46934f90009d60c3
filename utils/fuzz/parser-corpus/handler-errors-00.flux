A (int a) => ();
B (int a) => ();
F = A;
handle error F -> B => H;
