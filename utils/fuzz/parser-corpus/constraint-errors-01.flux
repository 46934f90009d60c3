A (int a) => ();
constraint A:{x, y?, x?};
