A (int a) => ();
typedef odd IsOdd;
F:[_] = A;
F:[odd] = A;
