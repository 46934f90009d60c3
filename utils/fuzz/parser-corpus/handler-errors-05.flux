A (int a) => ();
H (char *a) => ();
handle error A => H;
