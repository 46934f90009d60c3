A (void a) => ();
