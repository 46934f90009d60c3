A (int a int b) => ();
