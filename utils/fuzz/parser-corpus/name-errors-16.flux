typedef odd IsOdd;
A (int a) => ();
constraint A:{odd};
