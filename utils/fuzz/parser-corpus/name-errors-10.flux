A (int a) => ();
A (int a) => ();
