IsOdd (int a) => ();
typedef odd IsOdd;
