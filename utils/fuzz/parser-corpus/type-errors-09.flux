A (int a) => ();
B (char a) => ();
typedef odd IsOdd;
F:[odd] = A;
F:[_] = B;
