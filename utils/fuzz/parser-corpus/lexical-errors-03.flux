A (int a) => (); / comment
