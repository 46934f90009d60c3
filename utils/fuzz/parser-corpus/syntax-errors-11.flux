A (int a,) => ();
