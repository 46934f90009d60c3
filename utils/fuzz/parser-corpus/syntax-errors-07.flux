A (int a,
