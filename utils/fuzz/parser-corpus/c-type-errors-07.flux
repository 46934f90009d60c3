A (int a[4]) => ();
