A (int a) => ();
B (char *a) => ();
handle error A => H;
handle error B => H;
