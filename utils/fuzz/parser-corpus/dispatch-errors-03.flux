A (int a, int b) => ();
typedef odd IsOdd;
typedef even IsEven;
F:[_, even] = A;
F:[odd, _] = A;
F:[odd, even] = A;
F:[_, _] = A;
