A (int a) => ();
typedef odd IsOdd;
F:[odd] = A;
F = A;
