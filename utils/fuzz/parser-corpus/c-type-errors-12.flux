A (struct int a) => ();
