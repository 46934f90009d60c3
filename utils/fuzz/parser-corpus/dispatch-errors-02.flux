A (int a, int b) => ();
typedef odd IsOdd;
F:[odd, _] = A;
F:[odd, *] = A;
F:[_, _] = A;
