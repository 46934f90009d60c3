A (int &a) => ();
