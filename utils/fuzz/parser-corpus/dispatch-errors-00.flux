A (int a, int b) => ();
typedef odd IsOdd;
F:[odd, _] = A;
