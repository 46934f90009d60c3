A (int a)
