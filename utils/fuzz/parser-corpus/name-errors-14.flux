odd (int a) => ();
typedef odd IsOdd;
