A (int a, int b) => ();
typedef odd IsOdd;
F:[odd] = A;
F:[_, odd, _] = A;
F:[_, _] = A;
