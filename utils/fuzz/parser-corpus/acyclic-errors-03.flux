A (int a) => (int a);
typedef odd IsOdd;
F:[odd] = A -> F;
F:[_] = A;
