A (return a) => ();
