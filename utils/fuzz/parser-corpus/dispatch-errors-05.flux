A (int a, char *b) => ();
typedef odd IsOdd;
F:[odd, _] = A;
F:[_, odd] = A;
F:[_, _] = A;
