A (int &&a) => ();
