A (int a) => ();
F = A;
handle error A -> F => H;
