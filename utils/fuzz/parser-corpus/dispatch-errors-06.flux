A (int a, char *b) => ();
typedef odd IsOdd;
typedef strange IsOdd;
F:[odd, _] = A;
F:[_, strange] = A;
F:[_, _] = A;
