A (int a) => (int a);
B (int a) => ();
typedef odd IsOdd;
F:[odd] = A;
F:[_] = B;
