A (int a);
