A (int a) => ();
typedef odd IsOdd;
F:[odd] = ;
F:[_] = A;
